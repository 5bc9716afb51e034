import { Logger } from '@nestjs/common';
import { Batcher } from './batcher.js';
import { StoreUnavailable } from './errors.js';
import type { Run } from './run.js';
import type { Lease } from './task.js';
import type { TaskStore } from './task-store.js';

/** How soon a running handler learns that its task was cancelled. */
const LOOK_MS = 1_000;
/** Looks per lease: at its margin, one of them is due at the latest. */
const LOOKS = 20;
const MAX_BATCH = 1_000;

/**
 * Keeps the leases of the running attempts: renews each when a third of it is gone, and looks every second whether the others are
 * still held. An attempt that lost its lease, or that could not renew it in time, is told to stop.
 */
export class LeaseKeeper {
  private readonly logger = new Logger(LeaseKeeper.name);
  private readonly renewals: Batcher<Run, boolean>;
  private readonly lookMs: number;
  private timer: NodeJS.Timeout | undefined;
  private underWay = false;

  constructor(
    private readonly store: TaskStore,
    private readonly running: ReadonlyMap<string, Run>,
    private readonly leaseMs: number,
  ) {
    this.lookMs = Math.min(LOOK_MS, leaseMs / LOOKS);
    this.renewals = new Batcher((runs) => this.renewAll(runs), {
      maxItems: MAX_BATCH,
      hopeless: (error) => error instanceof StoreUnavailable,
    });
  }

  start(): void {
    this.timer = setInterval(() => this.tick(), this.lookMs);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Lets the lease begin anew; false if it is not held any more. */
  renew(run: Run): Promise<boolean> {
    return this.renewals.add(run);
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

  /** Stops handlers before their lease ends, so that they are over when the next attempt begins. The next look may come that much too late. */
  private stopOverdue(): void {
    const margin = Math.min(this.leaseMs / 10, 2_000) + this.lookMs;
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

    const renewed = await Promise.all(tired.map((run) => this.renew(run)));
    tired.forEach((run, index) => renewed[index] || run.lose());
    if (fresh.length > 0) {
      const held = keysOf(await this.store.held(fresh.map(({ lease }) => lease)));
      for (const run of fresh) if (!held.has(keyOf(run.lease))) run.lose();
    }
  }

  private async renewAll(runs: readonly Run[]): Promise<boolean[]> {
    const now = performance.now();
    const kept = keysOf(
      await this.store.renew(
        runs.map(({ lease }) => lease),
        this.leaseMs,
      ),
    );
    return runs.map((run) => {
      if (!kept.has(keyOf(run.lease))) return false;
      run.leaseEndsAt = now + this.leaseMs;
      return true;
    });
  }
}

function keyOf({ id, attempt }: Lease): string {
  return `${id}/${attempt}`;
}

function keysOf(leases: readonly Lease[]): Set<string> {
  return new Set(leases.map(keyOf));
}
