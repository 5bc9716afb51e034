import { Injectable } from '@nestjs/common';
import { HttpProblem } from '../http/http-problem.js';
import type { Envelope } from './envelope.js';

/** A sign of life, so that nobody on the way takes the connection for dead. */
const BEAT_MS = 15_000;
/** More bytes than this that the client has not taken: it is too slow and must come back. */
export const MOST_UNSENT = 256 * 1024;
/** Streams of one process. */
const MOST_OPEN = 5_000;

/** A connection over which a client is told of events. */
export interface Outlet {
  /** Tells, or ends the connection of a client that does not keep up. */
  send(envelope: Envelope): void;
  beat(): void;
  end(): void;
}

/** All connections of this process over which clients are told of events. */
@Injectable()
export class Outlets {
  private readonly open = new Set<Outlet>();
  private timer: NodeJS.Timeout | undefined;
  private closing = false;

  get size(): number {
    return this.open.size;
  }

  /** @throws HttpProblem when this process has as many as it can hold, or shuts down. */
  makeRoom(): void {
    if (this.closing || this.open.size >= MOST_OPEN)
      throw new HttpProblem(503, 'too_many_streams', 'This server has no room for another stream. Try again.', {
        headers: { 'retry-after': '5' },
      });
  }

  add(outlet: Outlet): void {
    this.open.add(outlet);
    this.timer ??= setInterval(() => this.beat(), BEAT_MS).unref();
  }

  remove(outlet: Outlet): void {
    this.open.delete(outlet);
    if (this.open.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  /** Ends all of them: this process shuts down, and the clients go on elsewhere. */
  close(): void {
    this.closing = true;
    for (const outlet of [...this.open]) outlet.end();
  }

  private beat(): void {
    for (const outlet of this.open) outlet.beat();
  }
}
