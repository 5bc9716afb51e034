import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import type { Letter } from './letter.js';

/** One core is left to the event loop. */
const MOST_THREADS = Math.max(1, Math.min(4, availableParallelism() - 1));
/** A thread without work gives its memory back after so long. */
const IDLE_MS = 30_000;

/** The tests run the sources, but only what is built can be a thread of its own. */
const THREAD = new URL('./letter-thread.js', import.meta.url.replace(/\/libs\/([^.]*)letters\.ts$/, '/dist/libs/$1letters.js'));

/** Makes letters in threads of their own, because each keeps a processor busy for some hundred milliseconds. */
export class Letters {
  private pool?: Piscina<Letter, Uint8Array>;

  /** A letter as PDF. @throws the reason of the signal, which ends the work */
  async make(letter: Letter, signal: AbortSignal): Promise<Uint8Array> {
    this.pool ??= new Piscina<Letter, Uint8Array>({
      filename: THREAD.href,
      minThreads: 0,
      maxThreads: MOST_THREADS,
      idleTimeout: IDLE_MS,
    });
    try {
      return await this.pool.run(letter, { signal });
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.pool?.destroy();
  }
}
