import type { ConfirmChannel } from 'amqplib';
import { TransportUnavailable, type Announcement } from '@app/tasks';
import { encode, MOST_TOGETHER } from '../envelope.js';
import { CLASSES } from '../lanes.js';
import type { Topology } from './topology.js';

/** Bounds the memory while the broker is silent: an unconfirmed message cannot be taken back from the connection. */
const MAX_UNCONFIRMED = 20_000;
/** Announcements that come together are spread over so many messages before two of them share one, so that idle workers get their part. */
const SPREAD = 4;

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
    const messages = messagesOf(announcements);
    return new Promise((resolve, reject) => {
      if (this.unconfirmed + messages.length > MAX_UNCONFIRMED) {
        throw new TransportUnavailable(`The broker owes the confirmation of ${this.unconfirmed} messages.`);
      }
      let missing = messages.length;
      let failure: unknown;
      const confirmed = (error: unknown) => {
        this.unconfirmed--;
        this.waitingSince = performance.now();
        failure ??= error;
        if (--missing > 0) return;
        const homeless = this.takeReturned(messages);
        if (failure) reject(refused(failure));
        else resolve(homeless);
      };
      try {
        for (const message of messages) this.send(message, confirmed);
      } catch (error) {
        reject(refused(error));
      }
    });
  }

  private send(message: readonly Announcement[], confirmed: (error: unknown) => void): void {
    const { id, priority } = message[0]!;
    const options = { persistent: true, mandatory: true, contentType: 'application/json', messageId: id };
    this.channel.publish('', this.topology.due(priority), encode(message), options, confirmed);
    if (this.unconfirmed++ === 0) this.waitingSince = performance.now();
  }

  private takeReturned(messages: readonly Announcement[][]): Announcement[] {
    if (this.returned.size === 0) return [];
    return messages.filter((message) => this.returned.delete(message[0]!.id)).flat();
  }
}

/** Puts announcements of one class together. A lone one travels alone. */
function messagesOf(announcements: readonly Announcement[]): Announcement[][] {
  const together = Math.min(MOST_TOGETHER, Math.max(1, Math.floor(announcements.length / SPREAD)));
  const messages: Announcement[][] = [];
  for (const wanted of CLASSES) {
    const some = announcements.filter(({ priority }) => priority === wanted);
    for (let from = 0; from < some.length; from += together) messages.push(some.slice(from, from + together));
  }
  return messages;
}

function refused(cause: unknown): TransportUnavailable {
  return new TransportUnavailable('The broker did not take the announcements.', { cause });
}
