import type { Logger } from '@nestjs/common';
import type { Channel, ChannelModel } from 'amqplib';
import type { Settings } from '@app/config';
import { atMost } from '../deadline.js';
import { answered, Connection } from './connection.js';

const REOPEN_MS = 1_000;
const RETRY_MS = 3_000;
const RENEW_MS = 100;
const GOODBYE_MS = 1_000;

/** What becomes of the channel that is kept. */
export interface ChannelLife<C extends Channel> {
  /** Makes what the channel needs (the queues), then the channel. */
  open(live: ChannelModel): Promise<C>;
  opened(channel: C): void;
  /** The channel is gone and none of its replies will come. */
  closed(channel: C): void;
}

/** Keeps one channel open on a connection of its own, and opens it again whenever either is lost. */
export class ChannelKeeper<C extends Channel> {
  readonly connection: Connection;
  private channel?: C;
  private failure?: string;
  private retry?: NodeJS.Timeout;

  constructor(
    settings: Settings,
    purpose: 'announcing' | 'receiving' | 'telling',
    private readonly logger: Logger,
    private readonly life: ChannelLife<C>,
  ) {
    this.connection = new Connection(settings, purpose, logger, (live) => void this.open(live));
  }

  /** The open channel, or undefined while there is none. */
  get current(): C | undefined {
    return this.channel;
  }

  /** Why there is no channel; undefined while there is one. */
  get problem(): string | undefined {
    return this.channel ? undefined : (this.connection.problem ?? this.failure ?? 'the channel is being opened');
  }

  /** Gives the channel up because something about it is wrong; a new one follows. */
  discard(channel: C, error: unknown): void {
    if (this.channel !== channel) return;
    this.fail(error);
    channel.close().catch(() => {});
    this.lose(channel, RETRY_MS);
  }

  /** Replaces the channel by a fresh one. What was unacknowledged on it is delivered again. */
  renew(channel: C): void {
    if (this.channel !== channel) return;
    channel.close().catch(() => {});
    this.lose(channel, RENEW_MS);
  }

  async close(): Promise<void> {
    // Closing the connection would overtake what the channel still has to write, such as acknowledgements.
    await atMost(GOODBYE_MS, this.channel?.close());
    await this.connection.close();
    clearTimeout(this.retry);
  }

  private async open(live: ChannelModel): Promise<void> {
    clearTimeout(this.retry);
    try {
      const channel = await answered(live, this.life.open(live));
      if (this.connection.live !== live) return;
      channel.on('close', () => this.lose(channel, REOPEN_MS));
      this.channel = channel;
      if (this.failure) this.logger.log('The broker has what it needs again.');
      this.failure = undefined;
      this.life.opened(channel);
    } catch (error) {
      if (this.connection.live !== live) return;
      this.fail(error);
      this.openLater(RETRY_MS);
    }
  }

  private lose(channel: C, pauseMs: number): void {
    if (this.channel !== channel) return;
    this.channel = undefined;
    this.life.closed(channel);
    this.openLater(pauseMs);
  }

  private openLater(pauseMs: number): void {
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.connection.live && void this.open(this.connection.live), pauseMs);
  }

  private fail(error: unknown): void {
    const failure = (error as Error).message;
    if (failure !== this.failure) this.logger.error(`The broker refuses: ${failure}. It is tried again every few seconds.`);
    this.failure = failure;
  }
}
