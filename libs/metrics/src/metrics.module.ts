import { Global, Inject, Module, type OnModuleInit } from '@nestjs/common';
import {
  HandlerRegistry,
  ScheduleStore,
  StoreUnavailable,
  TaskObserver,
  TaskStore,
  TaskTransport,
  TransportUnavailable,
  VERSION,
} from '@app/tasks';
import { countErrors } from './count-errors.js';
import { HttpMetrics } from './http-metrics.js';
import { Metrics } from './metrics.js';
import { observeProcess } from './process-metrics.js';
import { TaskMetrics } from './task-metrics.js';

const TASK_OPERATIONS = [
  'insert',
  'insertOnce',
  'claim',
  'unclaimed',
  'renew',
  'held',
  'settle',
  'find',
  'finished',
  'list',
  'report',
  'logs',
  'keepFile',
  'expired',
  'due',
  'parked',
  'markAnnounced',
  'park',
  'forgetKeys',
  'ping',
] as const satisfies readonly (keyof TaskStore)[];

/** What this process counts, and where the domain tells it. Stores, transport and registry come from global modules. */
@Global()
@Module({
  providers: [
    { provide: Metrics, useFactory: () => new Metrics() },
    { provide: TaskObserver, inject: [Metrics], useFactory: (metrics: Metrics) => new TaskMetrics(metrics) },
    { provide: HttpMetrics, inject: [Metrics], useFactory: (metrics: Metrics) => new HttpMetrics(metrics) },
  ],
  exports: [Metrics, TaskObserver, HttpMetrics],
})
export class MetricsModule implements OnModuleInit {
  constructor(
    private readonly metrics: Metrics,
    @Inject(TaskObserver) private readonly tasks: TaskMetrics,
    private readonly registry: HandlerRegistry,
    @Inject(TaskStore) private readonly store: TaskStore,
    @Inject(ScheduleStore) private readonly schedules: ScheduleStore,
    @Inject(TaskTransport) private readonly transport: TaskTransport,
  ) {}

  onModuleInit(): void {
    observeProcess(this.metrics, VERSION);
    this.tasks.expect(this.registry.names());
    const inDatabase = this.metrics.counter(
      'taskwell_database_errors_total',
      'Units of work that the database did not do in time, or refused.',
      ['operation'],
    );
    countErrors(this.store, TASK_OPERATIONS, StoreUnavailable, inDatabase);
    countErrors(this.schedules, ['due', 'fire'], StoreUnavailable, (operation) => inDatabase(`schedules_${operation}`));
    const atBroker = this.metrics.counter(
      'taskwell_broker_errors_total',
      'Requests that the broker did not answer in time, or refused.',
      ['operation'],
    );
    countErrors(this.transport, ['announce', 'depth', 'ping'], TransportUnavailable, atBroker);
  }
}
