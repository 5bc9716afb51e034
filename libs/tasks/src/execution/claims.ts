import type { Announcer } from '../announcer.js';
import { Batcher } from '../batcher.js';
import { StoreUnavailable } from '../errors.js';
import { failPoint } from '../faults/fail-point.js';
import type { Pauses } from '../queues/pauses.js';
import type { HandlerRegistry } from '../registry.js';
import type { ClaimedTask } from '../task.js';
import type { TaskObserver } from '../task-observer.js';
import type { TaskStore } from '../task-store.js';
import { Unclaimed } from '../unclaimed.js';
import { GAP_MS, MAX_BATCH } from './batches.js';

/** Between two rounds of claims while something else goes first: 25 rounds a second, each of as many tasks as there are slots. */
const YIELDING_GAP_MS = 40;

export interface ClaimOptions {
  workerId: string;
  leaseMs: number;
  /** True while something else in this process should go first. */
  mustYield?: () => boolean;
  /** The queues whose tasks are left alone; none unless given. */
  pauses?: Pauses;
}

/** Claims tasks for this worker. Those that are asked for together share a statement. */
export class Claims {
  private readonly batches: Batcher<string, ClaimedTask | undefined>;
  private readonly unclaimed: Unclaimed;

  constructor(
    private readonly store: TaskStore,
    private readonly registry: HandlerRegistry,
    announcer: Announcer,
    private readonly options: ClaimOptions,
    observer: TaskObserver,
  ) {
    this.unclaimed = new Unclaimed(store, registry, announcer, observer, options.pauses);
    this.batches = new Batcher((ids) => this.claimAll(ids), {
      maxItems: MAX_BATCH,
      concurrency: 2,
      gapMs: () => (options.mustYield?.() ? YIELDING_GAP_MS : GAP_MS),
      hopeless: (error) => error instanceof StoreUnavailable,
    });
  }

  /** The task if it was granted to this worker; undefined if it is not due, or not ours to take. @throws StoreUnavailable */
  claim(id: string): Promise<ClaimedTask | undefined> {
    return this.batches.add(id);
  }

  private async claimAll(ids: string[]): Promise<(ClaimedTask | undefined)[]> {
    const { workerId, leaseMs, pauses } = this.options;
    const types = this.registry.names();
    failPoint('before_claim');
    const tasks = await this.store.claim(ids, { workerId, leaseMs, types: pauses?.open(types) ?? types });
    const byId = new Map(tasks.map((task) => [task.id, task]));
    if (byId.size < ids.length) void this.unclaimed.lookAfter(ids.filter((id) => !byId.has(id)));
    return ids.map((id) => byId.get(id));
  }
}
