import type { Socket } from 'node:net';
import type { IncomingMessage } from 'node:http';
import { answerClientError } from './client-error.js';

/** A body may take longer than other requests as long as this much of it arrives every second, on average. */
const MIN_BYTES_PER_SECOND = 8 * 1024;

interface Arriving {
  socket: Socket;
  startedAt: number;
  bytesBefore: number;
  mayBeLong: boolean;
}

/**
 * Answers 408 to bodies that do not arrive in time. Node's own limit is the same for all requests, and too short for large files: these
 * may take as long as they keep coming.
 */
export class SlowBodies {
  private readonly arriving = new Map<IncomingMessage, Arriving>();
  private readonly timer: NodeJS.Timeout;

  /** @param allowedMs for a body. */
  constructor(
    private readonly allowedMs: number,
    checkMs: number,
  ) {
    this.timer = setInterval(() => this.check(), checkMs).unref();
  }

  /** @param mayBeLong true for uploads. */
  watch(request: IncomingMessage, mayBeLong: boolean): void {
    const { socket, headers } = request;
    if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) return;
    this.arriving.set(request, { socket, startedAt: performance.now(), bytesBefore: socket.bytesRead, mayBeLong });
  }

  /** The body is here. Those of which nobody says so are found to be when it is looked next, and held in memory until then. */
  arrived(request: IncomingMessage): void {
    this.arriving.delete(request);
  }

  close(): void {
    clearInterval(this.timer);
  }

  private check(): void {
    const now = performance.now();
    for (const [request, body] of this.arriving) {
      const { socket, startedAt, bytesBefore, mayBeLong } = body;
      if (request.complete || socket.destroyed) this.arriving.delete(request);
      else {
        const earnedMs = mayBeLong ? ((socket.bytesRead - bytesBefore) / MIN_BYTES_PER_SECOND) * 1_000 : 0;
        if (now - startedAt <= this.allowedMs + earnedMs) continue;
        this.arriving.delete(request);
        answerClientError(Object.assign(new Error('The body is too slow.'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }), socket);
      }
    }
  }
}
