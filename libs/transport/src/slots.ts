import type { Lanes } from './lanes.js';

/** How much work may be begun before a handler is free for it, in time at the present pace. */
const AHEAD_MS = 20;
const MOST_AHEAD = 256;
const FEW = 8;

/** The place of one announcement among those that are being worked on, until it is freed. Freeing it again does nothing. */
export class Slot {
  private freed = false;

  constructor(private readonly onFree: () => void) {}

  free(): void {
    if (this.freed) return;
    this.freed = true;
    this.onFree();
  }
}

/**
 * Runs what waits, so many at once and no more: a freed slot takes the oldest of the highest class.
 *
 * There are as many slots as tasks may run side by side, and, where tasks are short, as many more as start within 20 ms: their rows
 * are claimed by the time their turn comes. With long tasks there are none of these, so that nothing waits here that another worker could run.
 */
export class Slots<T> {
  private taken = 0;
  private extra = 0;
  private freed = 0;
  private pacedAt = performance.now();
  private paused = false;

  /** `run` must not reject; its end frees the slot, if nobody did before. */
  constructor(
    private readonly concurrency: number,
    readonly waiting: Lanes<T>,
    private readonly run: (item: T, slot: Slot) => Promise<void>,
  ) {}

  /** How many are taken now. */
  get running(): number {
    return this.taken;
  }

  get size(): number {
    return this.concurrency + this.extra;
  }

  /** How many of them are there only because tasks are short. */
  get ahead(): number {
    return this.extra;
  }

  /** Starts what waits as far as there are free slots. To be called whenever something was put into `waiting`. */
  fill(): void {
    while (!this.paused && this.taken < this.size) {
      const item = this.waiting.take();
      if (item === undefined) return;
      this.taken++;
      const slot = new Slot(() => {
        this.taken--;
        this.freed++;
        this.fill();
      });
      void this.run(item, slot).finally(() => slot.free());
    }
  }

  /** Fits the number of slots to the pace since the last call. To be called a few times a second. */
  pace(now = performance.now()): void {
    const withinAhead = (this.freed / Math.max(1, now - this.pacedAt)) * AHEAD_MS;
    this.pacedAt = now;
    this.freed = 0;
    // In powers of two, because it costs something to change it.
    this.extra = withinAhead < FEW ? 0 : Math.min(MOST_AHEAD, 2 ** Math.floor(Math.log2(withinAhead)));
    this.fill();
  }

  /** Starts nothing from now on. What runs goes on to its end. */
  pause(): void {
    this.paused = true;
  }
}
