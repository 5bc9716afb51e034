import type { Channel, ChannelModel, ConfirmChannel } from 'amqplib';
import type { Priority } from '@app/tasks';
import { CLASSES } from '../lanes.js';
import { answered } from './connection.js';

/** How a queue stands at the moment. */
export interface QueueState {
  /** Messages that wait to be delivered. */
  ready: number;
  consumers: number;
}

/**
 * The queues: one per class, since quorum queues of older brokers know no priorities, and one where unreadable messages are parked.
 * RabbitMQ 4 also parks a message that was handed back 20 times; that loses nothing, because the row is the truth.
 */
export class Topology {
  private declaring?: Promise<Record<Priority, QueueState>>;

  constructor(private readonly prefix: string) {}

  due(priority: Priority): string {
    return `${this.prefix}.due.${priority}`;
  }

  get dead(): string {
    return `${this.prefix}.dead`;
  }

  /**
   * Makes the queues that are missing and says how the due ones stand. Callers share a declaration that is under way.
   * Rejects when a queue of that name has other arguments.
   */
  declare(live: ChannelModel): Promise<Record<Priority, QueueState>> {
    this.declaring ??= answered(live, this.declareAll(live)).finally(() => (this.declaring = undefined));
    return this.declaring;
  }

  private async declareAll(live: ChannelModel): Promise<Record<Priority, QueueState>> {
    // On a channel of its own: the broker closes it when a queue has other arguments.
    const channel = await openChannel(live);
    try {
      await channel.assertQueue(this.dead, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
      const states = {} as Record<Priority, QueueState>;
      for (const priority of CLASSES) {
        const { messageCount, consumerCount } = await channel.assertQueue(this.due(priority), {
          durable: true,
          arguments: { 'x-queue-type': 'quorum', 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': this.dead },
        });
        states[priority] = { ready: messageCount, consumers: consumerCount };
      }
      return states;
    } finally {
      channel.close().catch(() => {});
    }
  }
}

/** A channel whose errors end nothing but itself. */
export async function openChannel(live: ChannelModel): Promise<Channel> {
  return quiet(await live.createChannel());
}

/** A channel with confirms whose errors end nothing but itself. */
export async function openConfirmChannel(live: ChannelModel): Promise<ConfirmChannel> {
  return quiet(await live.createConfirmChannel());
}

function quiet<C extends Channel>(channel: C): C {
  // Node ends the process for an 'error' that nobody listens to; 'close' follows it and is what we act upon.
  channel.on('error', () => {});
  return channel;
}
