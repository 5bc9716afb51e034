import { Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { ConfirmChannel } from 'amqplib';
import type { Settings } from '@app/config';
import { TransportUnavailable, type Announcement, type Priority } from '@app/tasks';
import { within } from '../deadline.js';
import { MOST_TOGETHER } from '../envelope.js';
import { TaskClient } from '../task-client.js';
import { ChannelKeeper } from './channel-keeper.js';
import { Publisher } from './publisher.js';
import { openConfirmChannel, Topology, type QueueState } from './topology.js';

/** A channel on which nothing is confirmed for so long is replaced; its queue may have been deleted. */
const LONGEST_SILENCE_MS = 5_000;

/** Announcements of one call that are on their way at once. */
const MAX_BATCH = 2_000;

/** Announces to RabbitMQ. Nothing is kept for a broker that is away: the call fails and the sweeper repeats it. */
export class RabbitClient extends TaskClient implements OnModuleInit, OnApplicationShutdown {
  private readonly topology: Topology;
  private readonly keeper: ChannelKeeper<ConfirmChannel>;
  private publisher?: Publisher;
  private whenOpen?: () => void;

  constructor(private readonly settings: Settings) {
    super();
    this.topology = new Topology(settings.queuePrefix);
    this.keeper = new ChannelKeeper<ConfirmChannel>(settings, 'announcing', new Logger(RabbitClient.name), {
      open: async (live) => {
        await this.topology.declare(live);
        return openConfirmChannel(live);
      },
      opened: (channel) => {
        this.publisher = new Publisher(channel, this.topology);
        this.whenOpen?.();
      },
      closed: () => (this.publisher = undefined),
    });
  }

  async announce(announcements: readonly Announcement[]): Promise<void> {
    const { announceTimeoutMs } = this.settings;
    const deadline = performance.now() + announceTimeoutMs;
    for (let start = 0; start < announcements.length; start += MAX_BATCH) {
      const leftMs = Math.max(0, Math.ceil(deadline - performance.now()));
      await within(leftMs, this.carry(announcements.slice(start, start + MAX_BATCH), deadline));
    }
  }

  /**
   * The broker counts messages, and nobody knows how full they are. It has as long for it as for any request: the sweeper can wait, and
   * over a slow line several answers take longer than one announcement may.
   */
  async depth(): Promise<Record<Priority, number>> {
    const { high, normal, low } = await this.declare();
    return { high: high.ready * MOST_TOGETHER, normal: normal.ready * MOST_TOGETHER, low: low.ready * MOST_TOGETHER };
  }

  async ping(): Promise<void> {
    this.live();
    await within(this.settings.announceTimeoutMs, this.declare());
  }

  async connect(): Promise<void> {
    this.keeper.connection.open();
  }

  async close(): Promise<void> {
    await this.keeper.close();
  }

  unwrap<T>(): T {
    return this.keeper.current as T;
  }

  /** Gives the first connection the time of one announcement; a broker that is away holds up the boot no longer. */
  async onModuleInit(): Promise<void> {
    const opened = new Promise<void>((resolve) => (this.whenOpen = resolve));
    await this.connect();
    await within(this.settings.announceTimeoutMs, opened).catch(() => {});
  }

  async onApplicationShutdown(): Promise<void> {
    await this.close();
  }

  private async carry(announcements: readonly Announcement[], deadline: number): Promise<void> {
    let homeless = await this.live().publish(announcements);
    if (homeless.length === 0) return;
    await this.declare();
    if (performance.now() < deadline) homeless = await this.live().publish(homeless);
    if (homeless.length > 0) throw new TransportUnavailable(`${homeless.length} announcements found no queue.`);
  }

  private async declare(): Promise<Record<Priority, QueueState>> {
    const { live, problem, blocked } = this.keeper.connection;
    if (!live || blocked) throw new TransportUnavailable(`The queues cannot be reached: ${problem ?? blocked}.`);
    return this.topology.declare(live).catch((cause: Error) => {
      throw new TransportUnavailable(`The queues cannot be used: ${cause.message}.`, { cause });
    });
  }

  private live(): Publisher {
    if (this.publisher && !this.keeper.connection.blocked && this.publisher.silentMs > LONGEST_SILENCE_MS) {
      this.keeper.renew(this.publisher.channel);
    }
    if (!this.publisher) throw new TransportUnavailable(`Announcing is not possible: ${this.keeper.problem}.`);
    const { blocked } = this.keeper.connection;
    if (blocked) throw new TransportUnavailable(`The broker takes no messages for now: ${blocked}.`);
    return this.publisher;
  }
}
