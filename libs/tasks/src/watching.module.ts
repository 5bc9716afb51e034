import { Module } from '@nestjs/common';
import { TaskStore } from './task-store.js';
import { Watcher } from './watcher.js';

/** The one watcher of a process, for who waits and for who knows. The store comes from a global module. */
@Module({
  providers: [{ provide: Watcher, inject: [TaskStore], useFactory: (store: TaskStore) => new Watcher(store) }],
  exports: [Watcher],
})
export class WatchingModule {}
