import { randomUUID } from 'node:crypto';
import type { Channel, ConsumeMessage } from 'amqplib';
import type { Priority } from '@app/tasks';
import type { Deliveries } from './deliveries.js';
import type { Topology } from './topology.js';

/** Halving gives 10 for the largest concurrency; growth by ones may add as many before the small ones are put together. */
const MAX_CONSUMERS = 20;

/**
 * The consumers of one channel: how many messages of each class may be with us unacknowledged.
 *
 * A prefetch cannot be changed while its consumer lives, and what a cancelled consumer left with us does not count for its successor.
 * So each class starts with one consumer, and once it has had to shrink it is made of parts (31 = 16+8+4+2+1), so that a small change
 * replaces a small part; what is left of cancelled ones is counted here. (Consuming again under the tag of a cancelled consumer that
 * left messages would count them, but makes RabbitMQ 3.10 close the connection.)
 */
export class Consumers {
  private readonly parts: Record<Priority, Map<string, number>> = { high: new Map(), normal: new Map(), low: new Map() };
  private readonly confirmed = new Set<string>();
  private wanted = 0;
  private inParts = false;
  private whole = false;
  private prefetch?: number;
  private changing?: Promise<void>;

  constructor(
    private readonly channel: Channel,
    private readonly topology: Topology,
    private readonly books: Deliveries,
    private readonly onMessage: (priority: Priority, message: ConsumeMessage) => void,
    /** The classes to consume from at this time. */
    private readonly classes: () => readonly Priority[],
    /** A class was not consumed from as asked: its queue may be the reason. */
    private readonly onRefused: (priority: Priority) => void,
    /** A class is consumed from. */
    private readonly onConfirmed: (priority: Priority) => void,
    /** The broker cancelled a consumer of ours, as it does when a queue is deleted. */
    private readonly onCancel: () => void,
    /** Gives each request its deadline: over a slow line, all that one change asks for takes longer than any of them may. */
    private readonly inTime: (request: Promise<unknown>) => Promise<unknown>,
  ) {}

  /** True once every usable class is consumed from as asked, until the broker cancels a consumer. */
  get subscribed(): boolean {
    return this.whole;
  }

  /** The tags of the consumers that the broker has confirmed and that are not being cancelled: now it must count them. */
  standing(priority: Priority): string[] {
    return [...this.parts[priority].keys()].filter((tag) => this.confirmed.has(tag));
  }

  /** Asks for so many messages of each class. Rejects when the channel is lost on the way. */
  ask(wanted: number): Promise<void> {
    this.wanted = wanted;
    this.changing ??= this.change().finally(() => (this.changing = undefined));
    return this.changing;
  }

  private async change(): Promise<void> {
    while (!this.fits()) {
      for (const priority of this.classes()) await this.shrink(priority);
      for (const priority of this.classes()) await this.grow(priority);
    }
    this.whole = true;
  }

  private fits(): boolean {
    return this.classes().every((priority) => this.sum(priority) <= this.wanted && this.missing(priority) <= 0);
  }

  private async shrink(priority: Priority): Promise<void> {
    const parts = this.parts[priority];
    while (this.sum(priority) > this.wanted || parts.size > MAX_CONSUMERS) {
      const [tag] = [...parts].reduce((least, part) => (part[1] < least[1] ? part : least));
      this.inParts = true;
      this.remove(priority, tag);
      await this.inTime(this.channel.cancel(tag));
    }
  }

  private async grow(priority: Priority): Promise<void> {
    for (let missing = this.missing(priority); missing > 0; missing = this.missing(priority)) {
      const prefetch = this.inParts ? Math.ceil(missing / 2) : missing;
      if (prefetch !== this.prefetch) await this.inTime(this.channel.prefetch(prefetch));
      this.prefetch = prefetch;
      const tag = randomUUID();
      this.parts[priority].set(tag, prefetch);
      const receive = (message: ConsumeMessage | null) => this.receive(priority, tag, message);
      try {
        await this.inTime(this.channel.consume(this.topology.due(priority), receive, { consumerTag: tag }));
      } catch (error) {
        this.onRefused(priority);
        throw error;
      }
      this.confirmed.add(tag);
      this.onConfirmed(priority);
    }
  }

  private remove(priority: Priority, tag: string): void {
    this.parts[priority].delete(tag);
    this.confirmed.delete(tag);
  }

  private sum(priority: Priority): number {
    let total = 0;
    for (const prefetch of this.parts[priority].values()) total += prefetch;
    return total;
  }

  private missing(priority: Priority): number {
    const parts = this.parts[priority];
    const left = this.books.count(
      ({ announcements, message }) => announcements[0]!.priority === priority && !parts.has(message.fields.consumerTag),
    );
    return this.wanted - this.sum(priority) - left;
  }

  private receive(priority: Priority, tag: string, message: ConsumeMessage | null): void {
    if (message) return this.onMessage(priority, message);
    this.remove(priority, tag);
    this.whole = false;
    this.onCancel();
  }
}
