import { Module } from '@nestjs/common';
import { Announcer } from './announcer.js';
import { Redeliverer } from './callbacks/redeliverer.js';
import { Canceller } from './canceller.js';
import { Pressure } from './pressure.js';
import { HandlerRegistry } from './registry.js';
import { ScheduleStore } from './schedules/schedule-store.js';
import { Schedules } from './schedules/schedules.js';
import { Submitter } from './submitter.js';
import { TaskStore } from './task-store.js';
import { TaskTransport } from './task-transport.js';
import { SharedModule } from './shared.module.js';

/** What a process that takes requests needs of the domain. Store, transport and registry come from global modules. */
@Module({
  imports: [SharedModule],
  providers: [
    { provide: Announcer, inject: [TaskTransport], useFactory: (transport: TaskTransport) => new Announcer(transport) },
    {
      provide: Submitter,
      inject: [TaskStore, HandlerRegistry, Announcer, Pressure],
      useFactory: (store: TaskStore, registry: HandlerRegistry, announcer: Announcer, pressure: Pressure) =>
        new Submitter(store, registry, announcer, pressure),
    },
    {
      provide: Canceller,
      inject: [TaskStore, Announcer],
      useFactory: (store: TaskStore, announcer: Announcer) => new Canceller(store, announcer),
    },
    {
      provide: Redeliverer,
      inject: [TaskStore, Submitter, Canceller],
      useFactory: (store: TaskStore, submitter: Submitter, canceller: Canceller) => new Redeliverer(store, submitter, canceller),
    },
    {
      provide: Schedules,
      inject: [ScheduleStore, HandlerRegistry],
      useFactory: (store: ScheduleStore, registry: HandlerRegistry) => new Schedules(store, registry),
    },
  ],
  exports: [Submitter, Canceller, Redeliverer, Schedules, SharedModule],
})
export class SubmittingModule {}
