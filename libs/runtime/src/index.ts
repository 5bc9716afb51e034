export { JsonLogger } from './logger.js';
export { run } from './run.js';
