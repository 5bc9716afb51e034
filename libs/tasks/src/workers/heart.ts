import { hostname } from 'node:os';
import { Logger } from '@nestjs/common';
import type { Executor } from '../executor.js';
import type { Pauses } from '../queues/pauses.js';
import type { Releaser } from '../queues/releaser.js';
import type { HandlerRegistry } from '../registry.js';
import { VERSION } from './version.js';
import type { WorkerBeat, WorkerStore } from './worker-store.js';

/** How often a worker says that it lives, and learns what is asked of it. */
export const BEAT_MS = 1_500;
/** A worker that was not heard of for so long is gone. */
export const GONE_MS = 6 * BEAT_MS;

const FORGET_MS = 24 * 3_600_000;
const FORGET_EVERY_BEATS = 1_000;
const MOST_RUNNING_TOLD = 100;

export interface HeartOptions {
  /** How many tasks this worker runs side by side. */
  slots: number;
  /** Called once when the worker is asked to take no more tasks. */
  onDrain: () => Promise<void>;
}

/** Says that this worker lives and what it runs, and follows what is asked of it. Never ends by itself: a store that is away is asked again. */
export class Heart {
  private readonly logger = new Logger(Heart.name);
  private timer: NodeJS.Timeout | undefined;
  private current: Promise<void> = Promise.resolve();
  private stopped = true;
  private beats = 0;
  private drained = false;

  constructor(
    private readonly store: WorkerStore,
    private readonly executor: Executor,
    private readonly registry: HandlerRegistry,
    private readonly pauses: Pauses,
    private readonly releaser: Releaser,
  ) {}

  start(options: HeartOptions): void {
    this.stopped = false;
    this.next(options, 0);
  }

  /** Resolves when the worker's row is gone, or could not be removed. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.current;
    await this.store.leave(this.executor.workerId).catch(() => {});
  }

  private next(options: HeartOptions, ms: number): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.current = this.beat(options)
        .catch(() => {})
        .finally(() => this.next(options, BEAT_MS));
    }, ms).unref();
  }

  private async beat(options: HeartOptions): Promise<void> {
    const { drain, paused, resuming } = await this.store.beat(this.stateOf(options));
    this.pauses.set(paused);
    if (drain && !this.drained) {
      this.drained = true;
      this.logger.log('This worker takes no more tasks, as it was asked. It finishes what it has.');
      await options.onDrain();
    }
    if (resuming.length > 0) void this.releaser.release(resuming).catch(() => {});
    if (this.beats++ % FORGET_EVERY_BEATS === 0) await this.store.forget(FORGET_MS);
  }

  private stateOf({ slots }: HeartOptions): WorkerBeat {
    const running = this.executor.tasks();
    return {
      id: this.executor.workerId,
      host: hostname(),
      pid: process.pid,
      version: VERSION,
      types: this.registry.names(),
      slots,
      busy: Math.min(slots, running.filter(({ type }) => !this.registry.get(type).detached).length),
      running: running.slice(0, MOST_RUNNING_TOLD).map(({ id, type, startedAt }) => ({
        taskId: id,
        type,
        since: startedAt.toISOString(),
      })),
    };
  }
}
