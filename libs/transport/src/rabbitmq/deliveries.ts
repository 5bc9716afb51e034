import type { Channel, ConsumeMessage } from 'amqplib';
import type { Announcement } from '@app/tasks';

/** One message as the broker handed it to us, with one or several announcements. */
export interface Delivery {
  readonly announcements: readonly Announcement[];
  readonly message: ConsumeMessage;
  /** The channel's books in which it stands. */
  readonly books: Deliveries;
  /** How many of its announcements were given to the handler. */
  started: number;
  /** How many of these are settled. */
  settled: number;
  /** When the first one was, by performance.now(); undefined while all of them wait for a slot. */
  startedAt?: number;
}

/** One announcement of a delivery. */
export interface Part {
  readonly announcement: Announcement;
  readonly delivery: Delivery;
}

/** The books of one channel: what the broker waits to hear about, and the cheapest way to tell it. */
export class Deliveries {
  /** In the order of delivery. */
  private readonly open = new Map<number, Delivery>();
  private readonly acknowledged = new Set<number>();
  private flushing = false;

  constructor(private readonly channel: Channel) {}

  enter(announcements: readonly Announcement[], message: ConsumeMessage): Delivery {
    const delivery: Delivery = { announcements, message, books: this, started: 0, settled: 0 };
    this.open.set(message.fields.deliveryTag, delivery);
    return delivery;
  }

  /** Notes that one of its announcements is given to the handler. False if the delivery is not ours any more: then it must not be. */
  start(delivery: Delivery): boolean {
    if (!this.open.has(delivery.message.fields.deliveryTag)) return false;
    delivery.started++;
    delivery.startedAt ??= performance.now();
    return true;
  }

  /** Notes that one of its announcements is settled. With the last one the delivery is acknowledged. */
  settle(delivery: Delivery): void {
    delivery.settled++;
    if (delivery.settled === delivery.announcements.length) this.acknowledge(delivery);
  }

  /** The unacknowledged ones of which at least one announcement was started. */
  *started(): Iterable<Delivery> {
    for (const delivery of this.open.values()) if (delivery.started > 0) yield delivery;
  }

  /** How many of the unacknowledged ones fit. */
  count(fits: (delivery: Delivery) => boolean): number {
    let count = 0;
    for (const delivery of this.open.values()) if (fits(delivery)) count++;
    return count;
  }

  /** Acknowledges, together with whatever else is acknowledged in this turn of the event loop. */
  acknowledge({ message }: Delivery): void {
    const { deliveryTag } = message.fields;
    if (!this.open.has(deliveryTag)) return;
    this.acknowledged.add(deliveryTag);
    if (this.flushing) return;
    this.flushing = true;
    setImmediate(() => this.flush());
  }

  /** Gives a message back for somebody else. What of it is running goes on. */
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
      if (!this.acknowledged.delete(tag)) break;
      this.open.delete(tag);
      last = message;
    }
    // Everything up to the last one is settled, so one frame speaks for all.
    if (last) this.tell(() => this.channel.ack(last, true));
    for (const tag of this.acknowledged) {
      const delivery = this.open.get(tag);
      if (!delivery) continue;
      this.open.delete(tag);
      this.tell(() => this.channel.ack(delivery.message));
    }
    this.acknowledged.clear();
  }

  /** The channel is gone; the broker delivers all of them again. */
  close(): void {
    this.open.clear();
    this.acknowledged.clear();
  }

  private tell(write: () => void): void {
    try {
      write();
    } catch {
      // The channel closed a moment ago; the broker delivers again.
    }
  }
}
