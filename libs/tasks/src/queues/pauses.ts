import type { QueueStore } from './queue-store.js';

/** The paused queues as far as this process knows: a second or two old. What is held back is decided by the store. */
export class Pauses {
  private types: ReadonlySet<string> = new Set();

  constructor(private readonly store: QueueStore) {}

  set(types: readonly string[]): void {
    if (types.length > 0 || this.types.size > 0) this.types = new Set(types);
  }

  has(type: string): boolean {
    return this.types.has(type);
  }

  /** Those of the types that may be claimed. */
  open(types: readonly string[]): readonly string[] {
    return this.types.size === 0 ? types : types.filter((type) => !this.types.has(type));
  }

  /** Holds tasks back whose queue is paused. False if some of them were not held: their queue has been resumed meanwhile, or they moved on. */
  async hold(ids: readonly string[]): Promise<boolean> {
    return (await this.store.hold(ids)) === ids.length;
  }
}
