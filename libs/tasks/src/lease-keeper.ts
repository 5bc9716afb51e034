import { Logger } from '@nestjs/common';
import type { Run } from './run.js';
import type { Lease } from './task.js';
import type { TaskStore } from './task-store.js';

/** How soon a running handler learns that its task was cancelled. */
const LOOK_MS = 1_000;

/**
 * Keeps the leases of the running attempts: renews each when a third of it is gone, and looks every second whether the others are
 * still held. An attempt that lost its lease, or that could not renew it in time, is told to stop.
 */
export class LeaseKeeper {
  private readonly logger = new Logger(LeaseKeeper.name);
  private timer: NodeJS.Timeout | undefined;
  private underWay = false;

  constructor(
    private readonly store: TaskStore,
    private readonly running: ReadonlyMap<string, Run>,
    private readonly leaseMs: number,
  ) {}

  start(): void {
    this.timer = setInterval(() => this.tick(), Math.min(LOOK_MS, this.leaseMs / 10));
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private tick(): void {
    this.stopOverdue();
    if (this.underWay) return;
    this.underWay = true;
    this.keep()
      .catch((error: Error) => this.logger.warn(`Leases could not be renewed: ${error.message}`))
      .finally(() => {
        this.underWay = false;
      });
  }

  /** Stops handlers a little before their lease ends, so that they are over when the next attempt begins. */
  private stopOverdue(): void {
    const margin = Math.min(this.leaseMs * 0.1, 2_000);
    const now = performance.now();
    for (const run of this.running.values()) {
      if (now >= run.leaseEndsAt - margin) run.lose();
    }
  }

  private async keep(): Promise<void> {
    const now = performance.now();
    const live = [...this.running.values()].filter((run) => !run.reason);
    const tired = live.filter((run) => run.leaseEndsAt - now < (this.leaseMs * 2) / 3);
    const fresh = live.filter((run) => run.leaseEndsAt - now >= (this.leaseMs * 2) / 3 && now - run.startedAt >= LOOK_MS);

    if (tired.length > 0) {
      const kept = keysOf(
        await this.store.renew(
          tired.map(({ lease }) => lease),
          this.leaseMs,
        ),
      );
      for (const run of tired) {
        if (kept.has(keyOf(run.lease))) run.leaseEndsAt = now + this.leaseMs;
        else run.lose();
      }
    }
    if (fresh.length > 0) {
      const held = keysOf(await this.store.held(fresh.map(({ lease }) => lease)));
      for (const run of fresh) if (!held.has(keyOf(run.lease))) run.lose();
    }
  }
}

function keyOf({ id, attempt }: Lease): string {
  return `${id}/${attempt}`;
}

function keysOf(leases: readonly Lease[]): Set<string> {
  return new Set(leases.map(keyOf));
}
