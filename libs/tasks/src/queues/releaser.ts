import type { DutyStore } from '../duty-store.js';
import type { QueueStore } from './queue-store.js';

const BATCH = 1_000;
/** A release is gone through again until the queue has been open for so long: processes that had not heard of it may have held tasks back until then. */
const SETTLED_MS = 10_000;
const TURN_MS = 15_000;

/** Lets the tasks of resumed queues go on. One process does it at a time, and another one goes on when that is gone. */
export class Releaser {
  private busy = false;

  constructor(
    private readonly store: QueueStore,
    private readonly duties: DutyStore,
    private readonly holder: string,
  ) {}

  /** Goes once through what was held of these types. */
  async release(types: readonly string[]): Promise<void> {
    if (this.busy || types.length === 0) return;
    this.busy = true;
    try {
      for (const type of types) await this.releaseType(type);
    } finally {
      this.busy = false;
    }
  }

  private async releaseType(type: string): Promise<void> {
    const duty = `release ${type}`;
    for (let after: string | null = ''; after !== null;) {
      if (!(await this.duties.take(duty, this.holder, TURN_MS))) return;
      after = await this.store.release(type, after, BATCH);
    }
    await this.store.released(type, SETTLED_MS);
  }
}
