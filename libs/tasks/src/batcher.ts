export interface BatcherOptions<T> {
  /** The most items of one batch. */
  maxItems: number;
  /** The most weight of one batch, in the unit of `weigh`. */
  maxWeight?: number;
  weigh?: (item: T) => number;
  /** How many batches may be under way at once; 1 unless given. */
  concurrency?: number;
  /**
   * While calls keep coming together, a batch starts no sooner than this after the one before, in milliseconds: fewer and larger
   * batches cost less. A call without company never waits for it.
   */
  gapMs?: () => number;
  /** True for an error that the waiting items would meet too: they fail with it at once instead of queueing up behind it. */
  hopeless?: (error: unknown) => boolean;
}

/** Told of an item's own outcome. */
export interface Told<R> {
  resolve: (result: R) => void;
  reject: (error: unknown) => void;
}

interface Waiting<T, R> extends Told<R> {
  item: T;
}

/** A batch so small is no company. */
const FEW = 3;

/**
 * Lets calls that happen together share one batch. A lone call starts at once; calls that come while a batch is under way form
 * the next one. A batch that fails is tried again item by item, so that one bad item does not fail its neighbours.
 */
export class Batcher<T, R> {
  private waiting: Waiting<T, R>[] = [];
  private underWay = 0;
  private scheduled = false;
  /** Runs while a batch waits for the end of the gap. */
  private gap?: NodeJS.Timeout;
  private startedAt = -Infinity;
  private startedWith = 0;
  private readonly idlers: (() => void)[] = [];

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
    return new Promise<R>((resolve, reject) => this.put(item, { resolve, reject }));
  }

  /** As {@link add}, without a promise for each of many. */
  put(item: T, { resolve, reject }: Told<R>): void {
    this.waiting.push({ item, resolve, reject });
    if (this.gap && this.isFull()) this.start();
    else if (!this.scheduled) this.schedule();
  }

  /** Resolves when no item waits and no batch is under way. */
  idle(): Promise<void> {
    if (this.waiting.length === 0 && this.underWay === 0) return Promise.resolve();
    return new Promise((resolve) => this.idlers.push(resolve));
  }

  private schedule(): void {
    if (this.waiting.length === 0 || this.underWay >= (this.options.concurrency ?? 1)) return;
    const { gapMs } = this.options;
    const waitMs = gapMs && this.startedWith > FEW && !this.isFull() ? this.startedAt + gapMs() - performance.now() : 0;
    this.scheduled = true;
    if (waitMs > 0) this.gap = setTimeout(() => this.start(), waitMs);
    // After the current round of I/O events, so that what arrived in one round shares a batch.
    else setImmediate(() => this.start());
  }

  private isFull(): boolean {
    return this.waiting.length >= this.options.maxItems;
  }

  private start(): void {
    clearTimeout(this.gap);
    this.gap = undefined;
    this.scheduled = false;
    const batch = this.take();
    if (batch.length > 0) {
      this.underWay++;
      this.startedAt = performance.now();
      this.startedWith = batch.length;
      void this.settle(batch).finally(() => {
        this.underWay--;
        if (this.waiting.length > 0 && !this.scheduled) this.schedule();
        else if (this.waiting.length === 0 && this.underWay === 0) for (const tell of this.idlers.splice(0)) tell();
      });
    }
    this.schedule();
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
