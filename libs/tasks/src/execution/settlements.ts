import { setTimeout as pause } from 'node:timers/promises';
import { Batcher } from '../batcher.js';
import { StoreUnavailable } from '../errors.js';
import type { Transition } from '../lifecycle.js';
import type { Run } from '../run.js';
import type { TaskStore } from '../task-store.js';
import { GAP_MS, MAX_BATCH, STORE_RETRY_MS } from './batches.js';

const MAX_BATCH_BYTES = 4 * 1024 * 1024;

/** Writes what attempts led to. Those that end together share a statement. */
export class Settlements {
  private readonly batches: Batcher<Transition, boolean>;

  constructor(store: TaskStore) {
    this.batches = new Batcher((transitions) => store.settle(transitions), {
      maxItems: MAX_BATCH,
      maxWeight: MAX_BATCH_BYTES,
      weigh: ({ set }) => 200 + (set.result?.length ?? 0) * 3,
      concurrency: 2,
      gapMs: () => GAP_MS,
      hopeless: (error) => error instanceof StoreUnavailable,
    });
  }

  /** How many outcomes wait to be written. */
  get size(): number {
    return this.batches.size;
  }

  /** While the store is away it keeps trying as long as the lease lives. False if the lease was lost. */
  async settle(run: Run, transition: Transition): Promise<boolean> {
    for (;;) {
      try {
        return await this.batches.add(transition);
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error;
        if (performance.now() + STORE_RETRY_MS > run.leaseEndsAt) return false;
        await pause(STORE_RETRY_MS);
      }
    }
  }
}
