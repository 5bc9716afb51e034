import type { Channel, ConsumeMessage } from 'amqplib';
import type { Announcement } from '@app/tasks';

/** One announcement as the broker handed it to us. */
export interface Delivery {
  readonly announcement: Announcement;
  readonly message: ConsumeMessage;
  /** The channel's books in which it stands. */
  readonly books: Deliveries;
  /** When its handler was started, by performance.now(); undefined while it waits for a slot. */
  startedAt?: number;
}

/** The books of one channel: what the broker waits to hear about, and the cheapest way to tell it. */
export class Deliveries {
  /** In the order of delivery. */
  private readonly open = new Map<number, Delivery>();
  private readonly settled = new Set<number>();
  private flushing = false;

  constructor(private readonly channel: Channel) {}

  enter(announcement: Announcement, message: ConsumeMessage): Delivery {
    const delivery: Delivery = { announcement, message, books: this };
    this.open.set(message.fields.deliveryTag, delivery);
    return delivery;
  }

  /** The running ones that are not acknowledged yet. */
  *running(): Iterable<Delivery> {
    for (const delivery of this.open.values()) if (delivery.startedAt !== undefined) yield delivery;
  }

  /** How many of the unacknowledged ones fit. */
  count(fits: (delivery: Delivery) => boolean): number {
    let count = 0;
    for (const delivery of this.open.values()) if (fits(delivery)) count++;
    return count;
  }

  /** Acknowledges, together with whatever else is settled in this turn of the event loop. */
  acknowledge({ message }: Delivery): void {
    const { deliveryTag } = message.fields;
    if (!this.open.has(deliveryTag)) return;
    this.settled.add(deliveryTag);
    if (this.flushing) return;
    this.flushing = true;
    setImmediate(() => this.flush());
  }

  /** Gives a message back for somebody else. */
  handBack({ message }: Delivery): void {
    if (this.open.delete(message.fields.deliveryTag)) this.reject(message, true);
  }

  /** Parks or gives back a message that is not in the books. */
  reject(message: ConsumeMessage, requeue: boolean): void {
    this.tell(() => this.channel.nack(message, false, requeue));
  }

  /** Writes the acknowledgements that are due now. */
  flush(): void {
    this.flushing = false;
    let last: ConsumeMessage | undefined;
    for (const [tag, { message }] of this.open) {
      if (!this.settled.delete(tag)) break;
      this.open.delete(tag);
      last = message;
    }
    // Everything up to the last one is settled, so one frame speaks for all.
    if (last) this.tell(() => this.channel.ack(last, true));
    for (const tag of this.settled) {
      const { message } = this.open.get(tag)!;
      this.open.delete(tag);
      this.tell(() => this.channel.ack(message));
    }
    this.settled.clear();
  }

  /** The channel is gone; the broker delivers all of them again. */
  close(): void {
    this.open.clear();
    this.settled.clear();
  }

  private tell(write: () => void): void {
    try {
      write();
    } catch {
      // The channel closed a moment ago; the broker delivers again.
    }
  }
}
