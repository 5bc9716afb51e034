export { RestoreArchive } from './archive-restore.handler.js';
export { ArchiveYear } from './archive-year.handler.js';
export { HandlersModule } from './handlers.module.js';
