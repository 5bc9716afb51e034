import { setTimeout as pause } from 'node:timers/promises';
import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Batcher } from './batcher.js';
import { failPoint } from './faults/fail-point.js';
import type { Announcement } from './task.js';
import type { TaskTransport } from './task-transport.js';

/** A task that is due now is announced again if nobody has claimed it by then: its announcement may be lost. */
export const ANNOUNCE_AGAIN_MS = 10_000;
/** Tasks due within this time are announced by a timer; later ones by the sweeper. */
export const SOON_MS = 15_000;

/** Announcements in memory, waiting or timed; beyond it they are dropped and left to the sweeper. */
const MAX_HELD = 20_000;
const MAX_BATCH = 500;
/** Under load, announcements go out in rounds of so many milliseconds: the more of them go together, the less each one costs. */
const GAP_MS = 10;
/** A shutdown waits no longer for the broker; what is left then the sweeper announces. */
const LAST_WORDS_MS = 2_000;

/**
 * Announces tasks behind the answer: never makes anybody wait and never fails, because what it loses the sweeper repeats.
 */
export class Announcer implements OnApplicationShutdown {
  private readonly logger = new Logger(Announcer.name);
  private readonly batches: Batcher<Announcement, void>;
  private readonly timers = new Set<NodeJS.Timeout>();
  private healthy = true;
  private readonly outcome = { resolve: () => {}, reject: (error: unknown) => this.report(error as Error) };

  constructor(transport: TaskTransport) {
    this.batches = new Batcher<Announcement, void>(
      async (announcements) => {
        await transport.announce(announcements);
        failPoint('before_confirm');
        this.report(null);
        return [];
      },
      { maxItems: MAX_BATCH, concurrency: 2, gapMs: () => GAP_MS, hopeless: () => true },
    );
  }

  announce({ id, priority }: Announcement): void {
    if (this.batches.size >= MAX_HELD) return;
    this.batches.put({ id, priority }, this.outcome);
  }

  /** Announces a task that comes due soon at its time, so that it need not wait for the next sweep. */
  announceIn(announcement: Announcement, ms: number): void {
    if (ms <= 0) return this.announce(announcement);
    if (this.timers.size >= MAX_HELD) return;
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.announce(announcement);
    }, ms);
    timer.unref();
    this.timers.add(timer);
  }

  /** Announces what still waits, before the transport is closed: whoever was accepted last need not wait for the sweeper. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.race([this.batches.idle(), pause(LAST_WORDS_MS, undefined, { ref: false })]);
  }

  /** Says once when announcing begins to fail, and once when it works again. */
  private report(error: Error | null): void {
    if (this.healthy === (error === null)) return;
    this.healthy = error === null;
    if (error) this.logger.warn(`Announcements do not reach the broker (${error.message}); the sweeper will repeat them.`);
    else this.logger.log('Announcements reach the broker again.');
  }
}
