import { randomUUID } from 'node:crypto';
import { Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { Channel, ConsumeMessage } from 'amqplib';
import type { Settings } from '@app/config';
import { STATUSES, type Carrier, type Change, type Changes, type TaskStatus } from '@app/tasks';
import { ChannelKeeper } from './channel-keeper.js';
import { openChannel } from './topology.js';

/** Changes that happen together travel together. */
const GATHER_MS = 20;
const MOST_TOGETHER = 500;
const MOST_WAITING = 5_000;
/** When nobody took a message, the next one is sent so long after it: somebody may listen by then. */
const NOBODY_MS = 250;
/** Whoever listened goes on for so long: listeners come and go. */
const LINGER_MS = 60_000;
/** Messages that wait for this process; the oldest are dropped. */
const QUEUE_LENGTH = 1_000;
const MOST_BYTES = 256 * 1024;

type Packed = [id: string, attempt: number, status: TaskStatus | 0];

/**
 * Tells all processes on the broker what this one changes, and hears what they change: a fan-out exchange, and a short queue of its own
 * for each process in which somebody listens. While nobody listens, hardly anything is sent, and while the broker is away nothing is kept.
 */
export class ChangeCarrier implements Carrier, OnModuleInit, OnApplicationShutdown {
  heardSince: number | null = null;
  private readonly keeper: ChannelKeeper<Channel>;
  private readonly exchange: string;
  private readonly sender = randomUUID();
  private sent = 0;
  private waiting: Packed[] = [];
  private gathering: NodeJS.Timeout | undefined;
  private notBefore = 0;
  private isFull = false;
  private listening = false;
  private consumer?: { channel: Channel; tag: string };
  private lingering: NodeJS.Timeout | undefined;
  /** The number of the latest message of each sender. */
  private readonly numbers = new Map<string, number>();

  constructor(
    settings: Settings,
    private readonly changes: Changes,
  ) {
    this.exchange = `${settings.queuePrefix}.changes`;
    this.keeper = new ChannelKeeper<Channel>(settings, 'telling', new Logger(ChangeCarrier.name), {
      open: async (live) => {
        const channel = await openChannel(live);
        await channel.assertExchange(this.exchange, 'fanout', { durable: false });
        return channel;
      },
      opened: (channel) => this.opened(channel),
      closed: () => this.closed(),
    });
  }

  get wanted(): boolean {
    return this.keeper.current !== undefined && performance.now() >= this.notBefore;
  }

  carry(changes: readonly Change[]): void {
    if (this.waiting.length >= MOST_WAITING) {
      // The gap in the numbers tells that something is missing.
      this.sent++;
      return;
    }
    for (const { id, attempt, status } of changes) this.waiting.push([id, attempt, status ?? 0]);
    this.gathering ??= setTimeout(() => this.send(), GATHER_MS).unref();
  }

  listen(on: boolean): void {
    clearTimeout(this.lingering);
    if (on) {
      this.listening = true;
      void this.subscribe();
    } else {
      this.lingering = setTimeout(() => void this.unsubscribe(), LINGER_MS).unref();
    }
  }

  /** Begins to connect; nobody waits for it. */
  onModuleInit(): void {
    this.keeper.connection.open();
    this.changes.connect(this);
  }

  async onApplicationShutdown(): Promise<void> {
    clearTimeout(this.gathering);
    clearTimeout(this.lingering);
    await this.keeper.close();
  }

  private opened(channel: Channel): void {
    this.isFull = false;
    // While there was no channel, changes were not told: the gap says so.
    this.sent++;
    channel.on('drain', () => (this.isFull = false));
    channel.on('return', () => (this.notBefore = performance.now() + NOBODY_MS));
    void this.subscribe();
  }

  private closed(): void {
    this.consumer = undefined;
    this.heardSince = null;
    this.waiting = [];
  }

  private send(): void {
    this.gathering = undefined;
    const channel = this.keeper.current;
    const all = this.waiting;
    this.waiting = [];
    for (let from = 0; from < all.length; from += MOST_TOGETHER) {
      const headers = { sender: this.sender, number: ++this.sent };
      if (!channel || this.isFull || this.keeper.connection.blocked) continue;
      const content = Buffer.from(JSON.stringify(all.slice(from, from + MOST_TOGETHER)));
      try {
        this.isFull = !channel.publish(this.exchange, '', content, { mandatory: true, headers });
      } catch {
        // The channel has just closed.
        return;
      }
    }
  }

  private async subscribe(): Promise<void> {
    const channel = this.keeper.current;
    if (!channel || !this.listening || this.consumer?.channel === channel) return;
    const consumer = { channel, tag: '' };
    this.consumer = consumer;
    try {
      const { queue } = await channel.assertQueue('', {
        exclusive: true,
        autoDelete: true,
        durable: false,
        arguments: { 'x-max-length': QUEUE_LENGTH, 'x-overflow': 'drop-head' },
      });
      await channel.bindQueue(queue, this.exchange, '');
      consumer.tag = (await channel.consume(queue, (message) => this.receive(message), { noAck: true })).consumerTag;
      this.numbers.clear();
      this.heardSince = performance.now();
    } catch (error) {
      this.keeper.discard(channel, error);
    }
  }

  private async unsubscribe(): Promise<void> {
    const { consumer } = this;
    this.listening = false;
    this.consumer = undefined;
    this.heardSince = null;
    // The queue goes with its only consumer.
    await consumer?.channel.cancel(consumer.tag).catch(() => {});
  }

  private receive(message: ConsumeMessage | null): void {
    if (!message) {
      // The broker took the queue away.
      this.closed();
      void this.subscribe();
      return;
    }
    const { sender, number } = (message.properties.headers ?? {}) as { sender?: unknown; number?: unknown };
    if (sender === this.sender || typeof sender !== 'string' || typeof number !== 'number') return;
    const before = this.numbers.get(sender);
    // Something is missing: whoever must miss nothing begins anew.
    if (before !== undefined && number !== before + 1) this.heardSince = performance.now();
    if (this.numbers.size > 1_000) this.numbers.clear();
    this.numbers.set(sender, number);
    this.changes.arrived(unpack(message.content));
  }
}

/** What other processes told; nothing for what they cannot have told. */
function unpack(content: Buffer): Change[] {
  if (content.length > MOST_BYTES) return [];
  try {
    const packed = JSON.parse(content.toString('utf8')) as unknown;
    if (!Array.isArray(packed)) return [];
    return packed.filter(isPacked).map(([id, attempt, status]) => ({ id, attempt, status: status === 0 ? undefined : status }));
  } catch {
    return [];
  }
}

function isPacked(value: unknown): value is Packed {
  if (!Array.isArray(value) || typeof value[0] !== 'string' || value[0].length !== 36 || !Number.isInteger(value[1]))
    return false;
  return value[2] === 0 || STATUSES.includes(value[2] as TaskStatus);
}
