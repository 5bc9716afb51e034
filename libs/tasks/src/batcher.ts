export interface BatcherOptions<T> {
  /** The most items of one batch. */
  maxItems: number;
  /** The most weight of one batch, in the unit of `weigh`. */
  maxWeight?: number;
  weigh?: (item: T) => number;
  /** How many batches may be under way at once; 1 unless given. */
  concurrency?: number;
  /** True for an error that the waiting items would meet too: they fail with it at once instead of queueing up behind it. */
  hopeless?: (error: unknown) => boolean;
}

interface Waiting<T, R> {
  item: T;
  resolve: (result: R) => void;
  reject: (error: unknown) => void;
}

/**
 * Lets calls that happen together share one batch. A lone call starts at once; calls that come while a batch is under way form
 * the next one. A batch that fails is tried again item by item, so that one bad item does not fail its neighbours.
 */
export class Batcher<T, R> {
  private waiting: Waiting<T, R>[] = [];
  private underWay = 0;
  private scheduled = false;

  constructor(
    private readonly run: (items: T[]) => Promise<readonly R[]>,
    private readonly options: BatcherOptions<T>,
  ) {}

  /** How many items wait for their batch. */
  get size(): number {
    return this.waiting.length;
  }

  /** Resolves or rejects with the item's own outcome. */
  add(item: T): Promise<R> {
    return new Promise<R>((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (this.scheduled) return;
      this.scheduled = true;
      // After the current round of I/O events, so that what arrived in one round shares a batch.
      setImmediate(() => {
        this.scheduled = false;
        this.startBatches();
      });
    });
  }

  private startBatches(): void {
    while (this.waiting.length > 0 && this.underWay < (this.options.concurrency ?? 1)) {
      this.underWay++;
      void this.settle(this.take()).finally(() => {
        this.underWay--;
        this.startBatches();
      });
    }
  }

  private take(): Waiting<T, R>[] {
    const { maxItems, maxWeight = Infinity, weigh = () => 0 } = this.options;
    let count = 0;
    let weight = 0;
    while (count < this.waiting.length && count < maxItems) {
      weight += weigh(this.waiting[count]!.item);
      if (weight > maxWeight && count > 0) break;
      count++;
    }
    return this.waiting.splice(0, count);
  }

  private async settle(batch: Waiting<T, R>[]): Promise<void> {
    try {
      const results = await this.run(batch.map(({ item }) => item));
      batch.forEach(({ resolve }, index) => resolve(results[index] as R));
    } catch (error) {
      if (this.options.hopeless?.(error)) {
        for (const { reject } of batch.concat(this.waiting.splice(0))) reject(error);
      } else if (batch.length === 1) {
        batch[0]!.reject(error);
      } else {
        for (const entry of batch) await this.settle([entry]);
      }
    }
  }
}
