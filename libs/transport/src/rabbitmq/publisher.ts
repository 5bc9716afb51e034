import type { ConfirmChannel } from 'amqplib';
import { TransportUnavailable, type Announcement } from '@app/tasks';
import { encode } from '../envelope.js';
import type { Topology } from './topology.js';

/** Bounds the memory while the broker is silent: an unconfirmed message cannot be taken back from the connection. */
const MAX_UNCONFIRMED = 20_000;

/** Publishes on one confirm channel and knows which messages found no queue. */
export class Publisher {
  private unconfirmed = 0;
  private waitingSince = 0;
  /** Ids of messages that came back and whose batch is not complete yet. */
  private readonly returned = new Set<string>();

  constructor(
    readonly channel: ConfirmChannel,
    private readonly topology: Topology,
  ) {
    channel.on('return', ({ properties }) => this.returned.add(properties.messageId as string));
  }

  /** How long the broker has confirmed nothing although it owes confirmations, in milliseconds. */
  get silentMs(): number {
    return this.unconfirmed === 0 ? 0 : performance.now() - this.waitingSince;
  }

  /**
   * Resolves when the broker has answered for all of them, to those that found no queue: the broker confirms these too, and they
   * are gone. Rejects with TransportUnavailable.
   */
  publish(announcements: readonly Announcement[]): Promise<Announcement[]> {
    return new Promise((resolve, reject) => {
      if (this.unconfirmed + announcements.length > MAX_UNCONFIRMED) {
        throw new TransportUnavailable(`The broker owes the confirmation of ${this.unconfirmed} announcements.`);
      }
      let missing = announcements.length;
      let failure: unknown;
      const confirmed = (error: unknown) => {
        this.unconfirmed--;
        this.waitingSince = performance.now();
        failure ??= error;
        if (--missing > 0) return;
        const homeless = this.takeReturned(announcements);
        if (failure) reject(refused(failure));
        else resolve(homeless);
      };
      try {
        for (const announcement of announcements) this.send(announcement, confirmed);
      } catch (error) {
        reject(refused(error));
      }
    });
  }

  private send(announcement: Announcement, confirmed: (error: unknown) => void): void {
    const options = { persistent: true, mandatory: true, contentType: 'application/json', messageId: announcement.id };
    this.channel.publish('', this.topology.due(announcement.priority), encode(announcement), options, confirmed);
    if (this.unconfirmed++ === 0) this.waitingSince = performance.now();
  }

  private takeReturned(announcements: readonly Announcement[]): Announcement[] {
    if (this.returned.size === 0) return [];
    return announcements.filter(({ id }) => this.returned.delete(id));
  }
}

function refused(cause: unknown): TransportUnavailable {
  return new TransportUnavailable('The broker did not take the announcements.', { cause });
}
