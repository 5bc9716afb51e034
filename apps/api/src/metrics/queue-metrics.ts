import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { Metrics } from '@app/metrics';
import { HandlerRegistry, QueueStore, StatsStore, WorkerStore, type QueueDepth } from '@app/tasks';
import { WORKER_STATES, stateOf } from '../workers/worker.view.js';
import { Fresh } from './fresh.js';

/** Several scrapers, and several metrics of one scrape, share an answer of the database; no scrape waits long for one. */
const LIMITS = { keepMs: 5_000, waitMs: 500 };

type WorkerState = (typeof WORKER_STATES)[number];

/** What all processes share, and so every API tells alike: how much waits, and who is there to work on it. */
@Injectable()
export class QueueMetrics implements OnModuleInit {
  private readonly depths = new Fresh<readonly QueueDepth[]>([], () => this.readDepths(), LIMITS);
  private readonly states = new Fresh<readonly WorkerState[]>([], () => this.readStates(), LIMITS);

  constructor(
    private readonly metrics: Metrics,
    private readonly registry: HandlerRegistry,
    @Inject(QueueStore) private readonly queues: QueueStore,
    @Inject(StatsStore) private readonly stats: StatsStore,
    @Inject(WorkerStore) private readonly workers: WorkerStore,
  ) {}

  onModuleInit(): void {
    this.perQueue('taskwell_queue_ready', 'Tasks that are due and wait, up to 100,000.', ({ ready }) => ready);
    this.perQueue('taskwell_queue_scheduled', 'Tasks that are not due yet, up to 100,000.', ({ scheduled }) => scheduled);
    this.perQueue(
      'taskwell_queue_oldest_ready_seconds',
      'How long the oldest task that waits has been due; 0 if none waits.',
      ({ oldestReadyMs }) => (oldestReadyMs ?? 0) / 1000,
    );
    this.metrics.gauge('taskwell_workers', 'Workers by what was last heard of them.', ['state'], async () => {
      const states = await this.states.get();
      return WORKER_STATES.map((state) => ({ labels: { state }, value: states.filter((one) => one === state).length }));
    });
  }

  private perQueue(name: string, help: string, value: (depth: QueueDepth) => number): void {
    this.metrics.gauge(name, help, ['type'], async () => {
      const depths = await this.depths.get();
      return depths.map((depth) => ({ labels: { type: depth.type }, value: value(depth) }));
    });
  }

  private async readDepths(): Promise<readonly QueueDepth[]> {
    const types = new Set([...this.registry.names(), ...(await this.stats.types())]);
    const depths: QueueDepth[] = [];
    // One after another, so that a scrape never takes more than a few connections from those who submit.
    for (const type of types) depths.push(await this.queues.depth(type));
    return depths;
  }

  private async readStates(): Promise<readonly WorkerState[]> {
    return (await this.workers.list()).map(stateOf);
  }
}
