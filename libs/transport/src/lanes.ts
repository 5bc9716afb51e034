import type { Priority } from '@app/tasks';

/** The classes in the order in which they are served. */
export const CLASSES = ['high', 'normal', 'low'] as const satisfies readonly Priority[];

/** A first-in, first-out queue whose `push` and `shift` cost the same however long it is. */
class Fifo<T> {
  private items: (T | undefined)[] = [];
  private head = 0;

  get size(): number {
    return this.items.length - this.head;
  }

  push(item: T): void {
    this.items.push(item);
  }

  shift(): T | undefined {
    if (this.size === 0) return undefined;
    const item = this.items[this.head];
    this.items[this.head++] = undefined;
    if (this.head > 1_000 && this.head * 2 > this.items.length) {
      this.items = this.items.slice(this.head);
      this.head = 0;
    }
    return item;
  }

  takeNewest(wanted: (item: T) => boolean): T[] {
    let from = this.items.length;
    while (from > this.head && wanted(this.items[from - 1] as T)) from--;
    return this.items.splice(from) as T[];
  }
}

/** What waits for a slot: one line per class, the highest class first. */
export class Lanes<T> {
  private readonly lanes: Record<Priority, Fifo<T>> = { high: new Fifo(), normal: new Fifo(), low: new Fifo() };

  get size(): number {
    return this.lanes.high.size + this.lanes.normal.size + this.lanes.low.size;
  }

  sizes(): Record<Priority, number> {
    return { high: this.lanes.high.size, normal: this.lanes.normal.size, low: this.lanes.low.size };
  }

  push(priority: Priority, item: T): void {
    this.lanes[priority].push(item);
  }

  /** Takes the oldest of the highest class. */
  take(): T | undefined {
    return this.lanes.high.shift() ?? this.lanes.normal.shift() ?? this.lanes.low.shift();
  }

  /** Takes from the end of a class's line, as long as they are wanted. */
  takeNewest(priority: Priority, wanted: (item: T) => boolean): T[] {
    return this.lanes[priority].takeNewest(wanted);
  }
}
