import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { Module } from '@nestjs/common';
import { isEmbedded, Settings } from '@app/config';
import { Announcer } from './announcer.js';
import { DutyStore } from './duty-store.js';
import { Executor } from './executor.js';
import { Pressure } from './pressure.js';
import { FileStorage } from './file-storage.js';
import { Pauses } from './queues/pauses.js';
import { QueueStore } from './queues/queue-store.js';
import { Releaser } from './queues/releaser.js';
import { HandlerRegistry } from './registry.js';
import { ScheduleStore } from './schedules/schedule-store.js';
import { Scheduler } from './schedules/scheduler.js';
import { StatsRecorder } from './stats/stats-recorder.js';
import { StatsStore } from './stats/stats-store.js';
import { Sweeper } from './sweeper.js';
import { OBSERVER, SharedModule, TRACER } from './shared.module.js';
import type { TaskObserver } from './task-observer.js';
import { TaskStore } from './task-store.js';
import { TaskTransport } from './task-transport.js';
import type { Tracer } from './tracer.js';
import { Heart } from './workers/heart.js';
import { WorkerStore } from './workers/worker-store.js';

/** What a process that runs tasks needs of the domain. Store, transport, registry and settings come from global modules. */
@Module({
  imports: [SharedModule],
  providers: [
    { provide: Announcer, inject: [TaskTransport], useFactory: (transport: TaskTransport) => new Announcer(transport) },
    {
      provide: StatsRecorder,
      inject: [StatsStore, DutyStore, Executor],
      useFactory: (stats: StatsStore, duties: DutyStore, executor: Executor) =>
        new StatsRecorder(stats, duties, executor.workerId),
    },
    { provide: Pauses, inject: [QueueStore], useFactory: (store: QueueStore) => new Pauses(store) },
    {
      provide: Heart,
      inject: [WorkerStore, Executor, HandlerRegistry, Pauses, QueueStore, DutyStore],
      useFactory: (
        store: WorkerStore,
        executor: Executor,
        registry: HandlerRegistry,
        pauses: Pauses,
        queues: QueueStore,
        duties: DutyStore,
      ) => new Heart(store, executor, registry, pauses, new Releaser(queues, duties, executor.workerId)),
    },
    {
      provide: Executor,
      inject: [TaskStore, FileStorage, HandlerRegistry, Announcer, Settings, Pressure, Pauses, OBSERVER, TRACER],
      useFactory: (
        store: TaskStore,
        storage: FileStorage,
        registry: HandlerRegistry,
        announcer: Announcer,
        settings: Settings,
        pressure: Pressure,
        pauses: Pauses,
        observer?: TaskObserver,
        tracer?: Tracer,
      ) =>
        new Executor(store, storage, registry, announcer, {
          workerId: newWorkerId(),
          leaseMs: settings.leaseSeconds * 1000,
          concurrency: settings.workerConcurrency,
          maxCrashes: settings.maxCrashes,
          maxResultBytes: settings.maxResultBytes,
          mustYield: () => pressure.isHigh(),
          pauses,
          observer,
          tracer,
        }),
    },
    {
      provide: Sweeper,
      inject: [TaskStore, TaskTransport, Settings, HandlerRegistry, OBSERVER],
      useFactory: (
        store: TaskStore,
        transport: TaskTransport,
        settings: Settings,
        registry: HandlerRegistry,
        observer?: TaskObserver,
      ) =>
        new Sweeper(store, transport, {
          intervalMs: settings.sweepSeconds * 1000,
          maxCrashes: (type) => registry.maxCrashes(type, settings.maxCrashes),
          announcedAreLost: isEmbedded(settings),
          observer,
        }),
    },
    {
      provide: Scheduler,
      inject: [ScheduleStore, HandlerRegistry, Announcer, OBSERVER],
      useFactory: (store: ScheduleStore, registry: HandlerRegistry, announcer: Announcer, observer?: TaskObserver) =>
        new Scheduler(store, registry, announcer, observer),
    },
  ],
  exports: [Executor, Sweeper, Scheduler, Heart, StatsRecorder],
})
export class ExecutingModule {}

/** Never the same twice, so that a restarted worker does not take the leases of the one before for its own. */
function newWorkerId(): string {
  return `${hostname().slice(0, 60)}:${process.pid}:${randomBytes(4).toString('hex')}`;
}
