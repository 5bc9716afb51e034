import type { Logger } from '@nestjs/common';
import { connect, type ChannelModel } from 'amqplib';
import type { Settings } from '@app/config';
import type { Priority } from '@app/tasks';
import { atMost, within } from '../deadline.js';
import { CLASSES } from '../lanes.js';
import { openChannel, type Topology } from './topology.js';

const FIRST_TRY_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
const TRY_MS = 5_000;
const GOODBYE_MS = 1_000;

/**
 * The classes whose queues cannot be consumed from. RabbitMQ 3.10 answers the wish to consume from a quorum queue without a leader, as a kill
 * right after its declaration can leave one, by closing the connection, and everything else on it with it. So such a queue is left out
 * and tried on a connection of its own, until it can be consumed from.
 */
export class Refusals {
  private readonly refused = new Map<Priority, NodeJS.Timeout>();
  /** How often in a row each class was refused. */
  private readonly counts = new Map<Priority, number>();
  private closed = false;

  constructor(
    private readonly settings: Settings,
    private readonly topology: Topology,
    private readonly logger: Logger,
    /** A class can be consumed from again. */
    private readonly onUsable: () => void,
  ) {}

  get usable(): readonly Priority[] {
    return CLASSES.filter((priority) => !this.refused.has(priority));
  }

  /** Which queues are left out; undefined if none is. */
  get problem(): string | undefined {
    const queues = [...this.refused.keys()].map((priority) => this.topology.due(priority));
    return queues.length === 0 ? undefined : `of the queues, these cannot be consumed from: ${queues.join(', ')}`;
  }

  /** The class was refused, or something else happened to the connection at that moment: the next try tells. */
  note(priority: Priority): void {
    if (this.closed || this.refused.has(priority)) return;
    const count = (this.counts.get(priority) ?? 0) + 1;
    this.counts.set(priority, count);
    this.tryIn(priority, Math.min(FIRST_TRY_MS * 2 ** (count - 1), LONGEST_PAUSE_MS));
  }

  /** The class is consumed from. */
  forget(priority: Priority): void {
    this.counts.delete(priority);
  }

  close(): void {
    this.closed = true;
    for (const timer of this.refused.values()) clearTimeout(timer);
  }

  private tryIn(priority: Priority, pauseMs: number): void {
    const again = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    this.refused.set(
      priority,
      setTimeout(() => void this.tryNow(priority, again), pauseMs),
    );
  }

  private async tryNow(priority: Priority, pauseMs: number): Promise<void> {
    const queue = this.topology.due(priority);
    let connection: ChannelModel | undefined;
    try {
      connection = await connect(this.settings.transportUrl, { timeout: TRY_MS });
      connection.on('error', () => {});
      await within(TRY_MS, consumeOnce(connection, queue));
    } catch (error) {
      if (this.closed) return;
      // Without a connection nothing is known of the queue.
      if (connection && pauseMs > 2 * FIRST_TRY_MS)
        this.logger.warn(`The queue ${queue} cannot be consumed from; the others are: ${(error as Error).message}.`);
      return this.tryIn(priority, connection ? pauseMs : FIRST_TRY_MS);
    } finally {
      await atMost(GOODBYE_MS, connection?.close());
    }
    if (this.closed) return;
    this.refused.delete(priority);
    this.onUsable();
  }
}

/** What is delivered meanwhile goes back when the connection is closed. */
async function consumeOnce(connection: ChannelModel, queue: string): Promise<void> {
  const channel = await openChannel(connection);
  await channel.prefetch(1);
  const { consumerTag } = await channel.consume(queue, () => {});
  await channel.cancel(consumerTag);
}
