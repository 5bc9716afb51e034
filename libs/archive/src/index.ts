export {
  ARCHIVE_STATUSES,
  ArchiveNotFound,
  ENTERED_FROM,
  requireRestorable,
  type Archive,
  type ArchivePart,
  type ArchivePlan,
  type ArchiveStatus,
  type StoredObject,
} from './archive.js';
export { ArchiveModule } from './archive.module.js';
export { ArchiveStore, type ArchivePage, type RemovedRows, type RowCount } from './archive-store.js';
export { ArchiveStorage, RESTORE_TIERS, type RestoreTier } from './archive-storage.js';
export { Archiving, type Preview } from './archiving.js';
export { readPeriod, type PeriodRequest, type PeriodWish } from './period-wish.js';
export { FiscalCalendar, type Period } from './fiscal-year.js';
export { openArchiveStorage } from './storage/open.js';
export { digestOf, type RowKey } from './row-digest.js';
export { ARCHIVE_COLUMNS, ARCHIVE_KINDS, TASK_TABLE_COLUMNS, type ArchiveKind, type ArchiveRow, type Cell } from './tables.js';
