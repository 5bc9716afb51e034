import type { Duplex } from 'node:stream';
import type { Logger } from '@nestjs/common';
import { connect, type AmqpConnectionManager } from 'amqp-connection-manager';
import type { ChannelModel } from 'amqplib';
import type { Settings } from '@app/config';
import { TransportUnavailable } from '@app/tasks';
import { atMost, within } from '../deadline.js';

const HANDSHAKE_MS = 5_000;
const GOODBYE_MS = 1_000;
const ANSWER_MS = 5_000;

/** One connection to the broker that comes back by itself, about a second after the broker does. */
export class Connection {
  /** The live connection, or undefined while there is none. */
  live?: ChannelModel;
  /** Why the broker takes no messages for now (a memory or disk alarm); undefined while it does. */
  blocked?: string;
  /** Why there is no live connection; undefined while there is one. */
  problem?: string = 'not connected to the broker yet';
  private manager?: AmqpConnectionManager;
  private closed = false;

  constructor(
    private readonly settings: Settings,
    private readonly purpose: 'announcing' | 'receiving' | 'telling',
    private readonly logger: Logger,
    private readonly onConnect: (live: ChannelModel) => void,
  ) {}

  /** Begins to connect and returns at once; it is tried until it works. */
  open(): void {
    this.manager ??= this.connect();
  }

  /** Says goodbye, for at most a second. */
  async close(): Promise<void> {
    const last = this.live;
    this.closed = true;
    this.live = undefined;
    this.problem = 'closed';
    await atMost(GOODBYE_MS, this.manager?.close());
    if (last) socketOf(last).destroy();
  }

  private connect(): AmqpConnectionManager {
    const manager = connect(this.settings.transportUrl, {
      heartbeatIntervalInSeconds: this.settings.amqpHeartbeatSeconds,
      reconnectTimeInSeconds: pauseSeconds(),
      connectionOptions: {
        timeout: HANDSHAKE_MS,
        noDelay: true,
        keepAlive: true,
        clientProperties: { connection_name: `${this.settings.queuePrefix} ${this.purpose}` },
      },
    });
    manager.on('connect', ({ connection }) => this.connected(connection as unknown as ChannelModel));
    manager.on('connectFailed', ({ err }) => {
      manager.reconnectTimeInSeconds = pauseSeconds();
      this.lost(err);
    });
    manager.on('disconnect', ({ err }) => {
      manager.reconnectTimeInSeconds = pauseSeconds();
      // A peer that vanished never takes what is left in the socket: it would stay in memory.
      if (this.live) socketOf(this.live).destroy();
      this.lost(err);
    });
    manager.on('blocked', ({ reason }) => {
      this.blocked = reason;
      this.logger.warn(`The broker takes no messages for now: ${reason}.`);
    });
    manager.on('unblocked', () => {
      this.blocked = undefined;
      this.logger.log('The broker takes messages again.');
    });
    return manager;
  }

  private connected(live: ChannelModel): void {
    // It was on its way when we closed; the manager closes it without a further event.
    if (this.closed) return;
    shareWrites(socketOf(live));
    this.live = live;
    this.problem = undefined;
    this.blocked = undefined;
    this.logger.log(`Connected to the broker for ${this.purpose}.`);
    this.onConnect(live);
  }

  private lost(error: NodeJS.ErrnoException | undefined): void {
    if (this.closed) return;
    this.live = undefined;
    this.blocked = undefined;
    // A name with several addresses fails with an error that has a code and no message.
    const problem = `no connection to the broker: ${error?.message || error?.code || 'it was closed'}`;
    if (problem !== this.problem) this.logger.warn(`For ${this.purpose}, ${problem}`);
    this.problem = problem;
  }
}

/**
 * The broker's answer to a request on this connection. After a queue is deleted, RabbitMQ 3.10 can owe one for ever while its heart
 * goes on beating: then the connection is given up, and the next one works.
 */
export async function answered<T>(live: ChannelModel, request: Promise<T>): Promise<T> {
  try {
    return await within(ANSWER_MS, request);
  } catch (error) {
    if (error instanceof TransportUnavailable) socketOf(live).destroy();
    throw error;
  }
}

/** Spread out, so that a fleet does not come back in one instant. */
function pauseSeconds(): number {
  return 0.5 + Math.random();
}

function socketOf(connection: ChannelModel): Duplex {
  return (connection.connection as unknown as { stream: Duplex }).stream;
}

/** amqplib writes frame by frame, and each would be a system call: a third of the processor time of a busy process. */
function shareWrites(socket: Duplex): void {
  const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
  socket.write = (...args: unknown[]) => {
    if (socket.writableCorked === 0) {
      socket.cork();
      process.nextTick(() => socket.uncork());
    }
    return write(...args);
  };
}
