import type { Socket } from 'node:net';

/** Writes to a socket, each chunk no sooner than its time and never before the one in front of it. */
export class LateWriter {
  private readonly chunks: Buffer[] = [];
  private freeAt = 0;

  constructor(private readonly to: Socket) {}

  /** False when the socket has enough for now and will say 'drain'. */
  write(chunk: Buffer, delayMs: number): boolean {
    if (delayMs <= 0 && this.chunks.length === 0) return this.to.write(chunk);
    this.freeAt = Math.max(this.freeAt, performance.now() + delayMs);
    this.chunks.push(chunk);
    // Timers of one moment may fire in any order, so each writes the chunk whose turn it is.
    setTimeout(() => this.to.write(this.chunks.shift()!), this.freeAt - performance.now());
    return true;
  }

  /** Destroys the socket once everything is written. */
  end(): void {
    if (this.chunks.length === 0) this.to.destroy();
    else setTimeout(() => this.end(), Math.max(1, this.freeAt - performance.now()));
  }
}
