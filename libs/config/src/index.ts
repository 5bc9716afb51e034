export { ConfigModule } from './config.module.js';
export { Settings } from './settings.js';
export { InvalidSettings, envKey, isEmbedded, isLoopback, parseSettings } from './parse.js';
export { ARMED_FAIL_POINT, type FailPoint, type SeededBug } from './test-only.js';
