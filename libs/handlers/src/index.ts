export { HandlersModule } from './handlers.module.js';
