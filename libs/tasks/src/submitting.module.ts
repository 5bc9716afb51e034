import { Module } from '@nestjs/common';
import { Announcer } from './announcer.js';
import { Canceller } from './canceller.js';
import { HandlerRegistry } from './registry.js';
import { Submitter } from './submitter.js';
import { TaskStore } from './task-store.js';
import { TaskTransport } from './task-transport.js';
import { WatchingModule } from './watching.module.js';

/** What a process that takes requests needs of the domain. Store, transport and registry come from global modules. */
@Module({
  imports: [WatchingModule],
  providers: [
    { provide: Announcer, inject: [TaskTransport], useFactory: (transport: TaskTransport) => new Announcer(transport) },
    {
      provide: Submitter,
      inject: [TaskStore, HandlerRegistry, Announcer],
      useFactory: (store: TaskStore, registry: HandlerRegistry, announcer: Announcer) =>
        new Submitter(store, registry, announcer),
    },
    { provide: Canceller, inject: [TaskStore], useFactory: (store: TaskStore) => new Canceller(store) },
  ],
  exports: [Submitter, Canceller, WatchingModule],
})
export class SubmittingModule {}
