export { KeepErrorFilter } from './keep-error.filter.js';
export { Slot } from './slots.js';
export { TaskClient } from './task-client.js';
export { TaskServer, type Readiness } from './task-server.js';
export { TransportModule } from './transport.module.js';
