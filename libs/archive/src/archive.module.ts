import { Module } from '@nestjs/common';
import { Settings } from '@app/config';
import { ScheduleStore } from '@app/tasks';
import { ArchiveStorage } from './archive-storage.js';
import { ArchiveStore } from './archive-store.js';
import { Archiving } from './archiving.js';
import { FiscalCalendar } from './fiscal-year.js';
import { openArchiveStorage } from './storage/open.js';

/** Gives the application its {@link Archiving}, as the settings say. Settings and stores come from global modules. */
@Module({
  providers: [
    {
      provide: ArchiveStorage,
      inject: [Settings],
      useFactory: openArchiveStorage,
    },
    {
      provide: Archiving,
      inject: [ArchiveStore, ArchiveStorage, ScheduleStore, Settings],
      useFactory: (store: ArchiveStore, storage: ArchiveStorage, clock: ScheduleStore, settings: Settings) =>
        new Archiving(store, storage, clock, new FiscalCalendar(settings.fiscalYearStart, settings.fiscalTimeZone), {
          deleteRows: settings.archiveDelete === 'true',
          graceMs: 2 * settings.databaseTimeoutMs,
          keepKeysMs: settings.idempotencyHours * 3_600_000,
          pollMs: settings.archivePollSeconds * 1000,
        }),
    },
  ],
  exports: [Archiving],
})
export class ArchiveModule {}
