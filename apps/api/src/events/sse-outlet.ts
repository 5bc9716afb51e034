import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';
import type { Envelope } from './envelope.js';
import { MOST_UNSENT, type Outlet } from './outlets.js';

/** After a cut, clients come back between these times, spread out. */
const RETRY_MS = 1_000;
const RETRY_SPREAD_MS = 2_000;

/** Events over an HTTP answer that does not end: Server-Sent Events. */
export class SseOutlet implements Outlet {
  private readonly raw: ServerResponse;

  /** Takes the answer over. `onClose` is called once, however it ends. */
  constructor(reply: FastifyReply, onClose: () => void) {
    this.raw = reply.raw;
    const headers = reply.getHeaders();
    reply.hijack();
    this.raw.writeHead(200, {
      ...(headers as Record<string, string>),
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    });
    this.raw.once('close', onClose);
    this.raw.on('error', () => {});
    this.write(`retry: ${RETRY_MS + Math.floor(Math.random() * RETRY_SPREAD_MS)}\n\n`);
  }

  send(envelope: Envelope): void {
    const id = envelope.id === null ? '' : `id: ${envelope.id}\n`;
    this.write(`${id}event: ${envelope.event}\ndata: ${JSON.stringify(envelope)}\n\n`);
  }

  beat(): void {
    this.write(':\n\n');
  }

  end(): void {
    this.raw.end();
  }

  private write(text: string): void {
    if (this.raw.writableEnded || this.raw.destroyed) return;
    this.raw.write(text);
    if (this.raw.writableLength > MOST_UNSENT) this.raw.destroy();
  }
}
