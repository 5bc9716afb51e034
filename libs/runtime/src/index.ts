export { lookAt, type DependencyState } from './dependencies.js';
export { LifeSigns, LifeSignsModule } from './life-signs.js';
export { LineLogger } from './logger.js';
export { run } from './run.js';
