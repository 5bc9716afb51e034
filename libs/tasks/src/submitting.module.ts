import { Module } from '@nestjs/common';
import { Announcer } from './announcer.js';
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
    { provide: Canceller, inject: [TaskStore], useFactory: (store: TaskStore) => new Canceller(store) },
    {
      provide: Schedules,
      inject: [ScheduleStore, HandlerRegistry],
      useFactory: (store: ScheduleStore, registry: HandlerRegistry) => new Schedules(store, registry),
    },
  ],
  exports: [Submitter, Canceller, Schedules, SharedModule],
})
export class SubmittingModule {}
