import { randomBytes } from 'node:crypto';
import { connect, type Channel, type ChannelModel, type Options } from 'amqplib';
import type { Scope } from './scope.js';
import { AMQP_URL } from './servers.mjs';

const CLASSES = ['high', 'normal', 'low'] as const;
export type QueueClass = (typeof CLASSES)[number];

/** Queues of one Taskwell on the real broker, as the broker's operator sees them: over a connection of the test's own. */
export class TestBroker {
  private constructor(
    /** For `TRANSPORT_URL`. */
    readonly url: string,
    /** For `QUEUE_PREFIX`. */
    readonly prefix: string,
    private connection: ChannelModel,
  ) {}

  /** Names queues that no other test uses, on the shared server unless given; the scope closes it, or who gives none. */
  static async open(scope?: Scope, server = AMQP_URL): Promise<TestBroker> {
    const broker = new TestBroker(server, `test-${randomBytes(6).toString('hex')}`, await connectTo(server));
    scope?.onEnd(() => broker.close());
    return broker;
  }

  /** Takes a new connection, after the server was away. */
  async reconnect(): Promise<void> {
    await this.connection.close().catch(() => {});
    this.connection = await connectTo(this.url);
  }

  /** Deletes the queues and leaves. */
  async close(): Promise<void> {
    await this.deleteQueues();
    await this.onChannel((channel) => channel.deleteExchange(`${this.prefix}.changes`)).catch(() => {});
    await this.connection.close();
  }

  due(priority: QueueClass = 'normal'): string {
    return `${this.prefix}.due.${priority}`;
  }

  get dead(): string {
    return `${this.prefix}.dead`;
  }

  /** Puts bytes into a queue as any stranger could, and waits until the broker has them. */
  async publish(queue: string, body: string | Buffer, options: Options.Publish = {}): Promise<void> {
    const channel = await this.connection.createConfirmChannel();
    channel.sendToQueue(queue, Buffer.from(body), options);
    await channel.waitForConfirms();
    await channel.close();
  }

  /** Messages that wait in the queue. */
  async depth(queue: string): Promise<number> {
    return this.onChannel(async (channel) => (await channel.checkQueue(queue)).messageCount);
  }

  async consumers(queue: string): Promise<number> {
    return this.onChannel(async (channel) => (await channel.checkQueue(queue)).consumerCount);
  }

  /** Throws away what waits to be delivered; answers how many messages that were. */
  async purge(): Promise<number> {
    let lost = 0;
    for (const priority of CLASSES) {
      lost += (await this.onChannel((channel) => channel.purgeQueue(this.due(priority)))).messageCount;
    }
    return lost;
  }

  /** Deletes the queues with what is in them; answers how many messages that were. */
  async deleteQueues(): Promise<number> {
    let lost = 0;
    for (const queue of [...CLASSES.map((priority) => this.due(priority)), this.dead]) {
      lost += (await this.onChannel((channel) => channel.deleteQueue(queue))).messageCount;
    }
    return lost;
  }

  /** Does what has no method of its own here. On a channel of its own, because the broker closes a channel on which something failed. */
  async onChannel<T>(work: (channel: Channel) => Promise<T>): Promise<T> {
    const channel = await this.connection.createChannel();
    channel.on('error', () => {});
    try {
      return await work(channel);
    } finally {
      await channel.close().catch(() => {});
    }
  }
}

async function connectTo(url: string): Promise<ChannelModel> {
  const connection = await connect(url);
  connection.on('error', () => {});
  return connection;
}
