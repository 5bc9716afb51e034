export { CallbacksModule } from './callbacks.module.js';
export { Deliverer, type Delivered } from './deliverer.js';
