import { Module } from '@nestjs/common';
import { Changes } from './live/changes.js';
import { Pressure } from './pressure.js';
import { TaskObserver } from './task-observer.js';
import { TaskStore } from './task-store.js';
import { Tracer } from './tracer.js';
import { Watcher } from './watcher.js';

/** A global module may provide these. */
export const OBSERVER = { token: TaskObserver, optional: true };
export const TRACER = { token: Tracer, optional: true };

/** What submitting and executing share when one process does both. Store and changes come from a global module. */
@Module({
  providers: [
    {
      provide: Watcher,
      inject: [TaskStore, Changes],
      useFactory: (store: TaskStore, changes: Changes) => new Watcher(store, changes),
    },
    { provide: Pressure, useFactory: () => new Pressure() },
  ],
  exports: [Watcher, Pressure],
})
export class SharedModule {}
