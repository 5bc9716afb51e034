import { Worker } from 'node:worker_threads';
import { FileRefused } from './reading/file-refused.js';
import type { ReadFile } from './reading/read-file.js';
import type { RowSlice } from './reading/row-sink.js';
import type { Assignment, FromThread, ToThread, Wish } from './thread-protocol.js';

/** Threads of one process that read files side by side; further files wait. */
const MOST_THREADS = 2;
/** A thread that needs more has met a file that was made to need it. */
const MAX_HEAP_MB = 256;
/** Rows live for a moment: a larger nursery would only be filled before it is swept. */
const YOUNG_HEAP_MB = 8;
/** How long a thread without work is kept. */
const IDLE_MS = 5_000;

/** The tests run the sources, but only what is built can be a thread of its own. */
const THREAD = new URL(import.meta.url.replace(/\/libs\/([^.]*)file-reader\.ts$/, '/dist/libs/$1file-reader.js'));

/** What the thread gets from, and gives to, the process. */
export interface ReadingParts {
  assignment: Assignment;
  /** The next piece of the file; null at its end. */
  next: () => Promise<Uint8Array | null>;
  /** Some bytes of the file. */
  slice: (from: number, to: number) => Promise<Uint8Array>;
  write: (slice: RowSlice, bytes: number) => Promise<void>;
  onBytes: (bytes: number) => void;
  signal: AbortSignal;
}

/** Reads files in threads. */
export class FileReader {
  private readonly idle: Worker[] = [];
  private readonly queue: (() => void)[] = [];
  private busy = 0;

  /** @throws FileRefused for what cannot be read; the error of `next`, `slice` and `write`; the signal's reason. */
  async read(parts: ReadingParts): Promise<ReadFile> {
    await this.turn(parts.signal);
    try {
      const thread = this.idle.pop() ?? newThread();
      return await this.converse(thread, parts);
    } finally {
      this.busy--;
      this.queue.shift()?.();
    }
  }

  private async turn(signal: AbortSignal): Promise<void> {
    while (this.busy >= MOST_THREADS) {
      await new Promise<void>((resolve, reject) => {
        const leave = () => reject(signal.reason as Error);
        signal.addEventListener('abort', leave, { once: true });
        this.queue.push(() => {
          signal.removeEventListener('abort', leave);
          // One that has left passes its turn on.
          if (signal.aborted) this.queue.shift()?.();
          resolve();
        });
      });
    }
    signal.throwIfAborted();
    this.busy++;
  }

  private converse(thread: Worker, parts: ReadingParts): Promise<ReadFile> {
    return new Promise((resolve, reject) => {
      let ended = false;
      const end = (): void => {
        ended = true;
        // Not all listeners: the thread has some of its own.
        for (const event of ['message', 'error', 'exit']) thread.removeAllListeners(event);
        parts.signal.removeEventListener('abort', stop);
      };
      /** What the thread still asks for in vain must not reach the next file: it is not used again. */
      const fail = (error: Error): void => {
        if (ended) return;
        end();
        void thread.terminate();
        reject(error);
      };
      const stop = (): void => fail(parts.signal.reason as Error);
      const answer = async (wish: Wish, number: number): Promise<void> => {
        try {
          const bytes = await grant(wish, parts);
          if (!ended) tell(thread, { answer: number, bytes });
        } catch (error) {
          fail(error as Error);
        }
      };
      thread.on('message', (message: FromThread) => {
        if ('wish' in message) return void answer(message.wish, message.number);
        if ('read' in message) return parts.onBytes(message.read);
        if ('failed' in message) {
          const { message: text, isRefusal } = message.failed;
          return fail(isRefusal ? new FileRefused(text) : new Error(text));
        }
        end();
        this.keep(thread);
        resolve(message.done);
      });
      thread.on('error', (error: NodeJS.ErrnoException) => {
        const isHungry = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
        fail(isHungry ? new FileRefused('The file needs more memory than there is for reading one.') : error);
      });
      thread.on('exit', () => fail(new Error('The thread that read the file has ended.')));
      parts.signal.addEventListener('abort', stop, { once: true });
      if (parts.signal.aborted) return stop();
      thread.ref();
      tell(thread, { assignment: parts.assignment });
    });
  }

  /** For the next file, if there is one soon. */
  private keep(thread: Worker): void {
    this.idle.push(thread);
    thread.unref();
    // Without a listener, an error of an idle thread would end the process.
    thread.on('error', () => this.drop(thread));
    setTimeout(() => this.drop(thread), IDLE_MS).unref();
  }

  private drop(thread: Worker): void {
    const index = this.idle.indexOf(thread);
    if (index === -1) return;
    this.idle.splice(index, 1);
    void thread.terminate();
  }
}

async function grant(wish: Wish, parts: ReadingParts): Promise<Uint8Array | null> {
  if ('slice' in wish) return parts.write(wish.slice, wish.bytes).then(() => null);
  return 'next' in wish ? parts.next() : parts.slice(wish.from, wish.to);
}

function tell(thread: Worker, message: ToThread): void {
  thread.postMessage(message, 'bytes' in message ? movable(message.bytes) : []);
}

/** The memory of bytes that share it with nothing else: it goes over as it is, without a copy. */
function movable(bytes: Uint8Array | null): ArrayBuffer[] {
  const memory = bytes?.buffer;
  return memory instanceof ArrayBuffer && memory.byteLength === bytes!.byteLength ? [memory] : [];
}

function newThread(): Worker {
  return new Worker(new URL('./import-thread.js', THREAD), {
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB, maxYoungGenerationSizeMb: YOUNG_HEAP_MB },
  });
}
