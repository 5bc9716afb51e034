export { LineLogger } from './logger.js';
export { run } from './run.js';
