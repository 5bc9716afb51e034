import { Module } from '@nestjs/common';
import { TaskStore } from '../task-store.js';
import { Changes } from './changes.js';
import { Feed } from './feed.js';
import { HistoryStore } from './history-store.js';
import { TaskStreams } from './task-streams.js';

/** What tells clients of changes while they happen. Stores and changes come from a global module. */
@Module({
  providers: [
    {
      provide: TaskStreams,
      inject: [TaskStore, HistoryStore, Changes],
      useFactory: (store: TaskStore, history: HistoryStore, changes: Changes) => new TaskStreams(store, history, changes),
    },
    {
      provide: Feed,
      inject: [HistoryStore, Changes],
      useFactory: (history: HistoryStore, changes: Changes) => new Feed(history, changes),
    },
  ],
  exports: [TaskStreams, Feed],
})
export class LiveModule {}
