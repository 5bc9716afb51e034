import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ArchiveStore } from '@app/archive';
import { AccessStore } from '@app/access';
import { RecordStore } from '@app/records';
import {
  ActionStore,
  CallbackStore,
  Changes,
  DutyStore,
  HistoryStore,
  NoticeStore,
  QueueStore,
  ScheduleStore,
  StatsStore,
  TaskStore,
  WorkerStore,
  tellingStore,
} from '@app/tasks';
import { DataSource } from 'typeorm';
import type { DatabaseSettings } from './database-settings.js';
import { mysqlOptions } from './mysql/data-source.js';
import type { MysqlTaskStore } from './mysql/mysql-task-store.js';
import { openMysqlStore } from './mysql/open.js';
import { openSqliteStore, sqliteOptions } from './sqlite/open.js';
import type { SqliteTaskStore } from './sqlite/sqlite-task-store.js';

type OpenedStore = MysqlTaskStore | SqliteTaskStore;

/** Gives the application its {@link TaskStore} and the stores beside it: SQLite or MySQL, as `databaseUrl` says. */
@Module({})
export class PersistenceModule implements OnApplicationShutdown {
  constructor(private readonly store: TaskStore) {}

  static forRoot(settings: DatabaseSettings): DynamicModule {
    const sqlite = settings.databaseUrl.startsWith('sqlite:');
    const open = sqlite ? openSqliteStore : openMysqlStore;
    return {
      module: PersistenceModule,
      // The stores connect by themselves: SQLite under its lock, MySQL whenever it answers.
      imports: [TypeOrmModule.forRoot({ ...(sqlite ? sqliteOptions : mysqlOptions)(settings), manualInitialization: true })],
      providers: [
        { provide: Changes, useFactory: () => new Changes() },
        {
          provide: TaskStore,
          inject: [DataSource, Changes],
          useFactory: async (dataSource: DataSource, changes: Changes) =>
            tellingStore<OpenedStore>(await open(settings, dataSource), changes),
        },
        { provide: ActionStore, inject: [TaskStore], useFactory: (store: OpenedStore) => store.actions },
        { provide: HistoryStore, inject: [TaskStore], useFactory: (store: OpenedStore) => store.history },
        { provide: NoticeStore, inject: [TaskStore], useFactory: (store: OpenedStore) => store.notices },
        { provide: ScheduleStore, inject: [TaskStore], useFactory: (store: OpenedStore) => store.schedules },
        { provide: RecordStore, inject: [TaskStore], useFactory: (store: OpenedStore) => store.records },
        { provide: ArchiveStore, inject: [TaskStore], useFactory: (store: OpenedStore) => store.archives },
        { provide: AccessStore, inject: [TaskStore], useFactory: (store: OpenedStore) => store.access },
        { provide: CallbackStore, inject: [TaskStore], useFactory: (store: OpenedStore) => store.callbacks },
        { provide: QueueStore, inject: [TaskStore], useFactory: (store: OpenedStore) => store.queues },
        { provide: WorkerStore, inject: [TaskStore], useFactory: (store: OpenedStore) => store.workers },
        { provide: StatsStore, inject: [TaskStore], useFactory: (store: OpenedStore) => store.stats },
        { provide: DutyStore, inject: [TaskStore], useFactory: (store: OpenedStore) => store.duties },
      ],
      exports: [
        ActionStore,
        Changes,
        HistoryStore,
        TaskStore,
        ScheduleStore,
        CallbackStore,
        NoticeStore,
        RecordStore,
        ArchiveStore,
        QueueStore,
        WorkerStore,
        StatsStore,
        DutyStore,
        AccessStore,
      ],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await (this.store as OpenedStore).close();
  }
}
