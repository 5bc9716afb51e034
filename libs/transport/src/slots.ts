import type { Lanes } from './lanes.js';

/** Runs what waits, so many at once and no more: a freed slot takes the oldest of the highest class. */
export class Slots<T> {
  private busy = 0;
  private paused = false;

  /** `run` must not reject; its end frees the slot. */
  constructor(
    readonly size: number,
    readonly waiting: Lanes<T>,
    private readonly run: (item: T) => Promise<void>,
  ) {}

  /** How many run now. */
  get running(): number {
    return this.busy;
  }

  /** Starts what waits as far as there are free slots. To be called whenever something was put into `waiting`. */
  fill(): void {
    while (!this.paused && this.busy < this.size) {
      const item = this.waiting.take();
      if (item === undefined) return;
      this.busy++;
      void this.run(item).finally(() => {
        this.busy--;
        this.fill();
      });
    }
  }

  /** Starts nothing from now on. What runs goes on to its end. */
  pause(): void {
    this.paused = true;
  }
}
