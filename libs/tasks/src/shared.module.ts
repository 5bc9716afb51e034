import { Module } from '@nestjs/common';
import { Pressure } from './pressure.js';
import { TaskObserver } from './task-observer.js';
import { TaskStore } from './task-store.js';
import { Tracer } from './tracer.js';
import { Watcher } from './watcher.js';

/** A global module may provide these. */
export const OBSERVER = { token: TaskObserver, optional: true };
export const TRACER = { token: Tracer, optional: true };

/** What submitting and executing share when one process does both. The store comes from a global module. */
@Module({
  providers: [
    { provide: Watcher, inject: [TaskStore], useFactory: (store: TaskStore) => new Watcher(store) },
    { provide: Pressure, useFactory: () => new Pressure() },
  ],
  exports: [Watcher, Pressure],
})
export class SharedModule {}
