export { ConfigModule } from './config.module.js';
export { Settings } from './settings.js';
export { InvalidSettings, envKey, isEmbedded, parseSettings } from './parse.js';
