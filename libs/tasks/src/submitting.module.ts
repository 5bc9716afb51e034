import { Module } from '@nestjs/common';
import { ActionStore } from './actions/action-store.js';
import { Actions } from './actions/actions.js';
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
import { OBSERVER, SharedModule } from './shared.module.js';
import type { TaskObserver } from './task-observer.js';

/** What a process that takes requests needs of the domain. Store, transport and registry come from global modules. */
@Module({
  imports: [SharedModule],
  providers: [
    { provide: Announcer, inject: [TaskTransport], useFactory: (transport: TaskTransport) => new Announcer(transport) },
    {
      provide: Submitter,
      inject: [TaskStore, HandlerRegistry, Announcer, Pressure, OBSERVER],
      useFactory: (
        store: TaskStore,
        registry: HandlerRegistry,
        announcer: Announcer,
        pressure: Pressure,
        observer?: TaskObserver,
      ) => new Submitter(store, registry, announcer, pressure, observer),
    },
    {
      provide: Canceller,
      inject: [TaskStore, Announcer, OBSERVER],
      useFactory: (store: TaskStore, announcer: Announcer, observer?: TaskObserver) => new Canceller(store, announcer, observer),
    },
    {
      provide: Redeliverer,
      inject: [TaskStore, Submitter, Canceller],
      useFactory: (store: TaskStore, submitter: Submitter, canceller: Canceller) => new Redeliverer(store, submitter, canceller),
    },
    {
      provide: Actions,
      inject: [TaskStore, ActionStore, Submitter],
      useFactory: (store: TaskStore, actions: ActionStore, submitter: Submitter) => new Actions(store, actions, submitter),
    },
    {
      provide: Schedules,
      inject: [ScheduleStore, HandlerRegistry],
      useFactory: (store: ScheduleStore, registry: HandlerRegistry) => new Schedules(store, registry),
    },
  ],
  exports: [Submitter, Canceller, Actions, Redeliverer, Schedules, SharedModule],
})
export class SubmittingModule {}
