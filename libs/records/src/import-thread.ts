// The thread that reads files: what it costs to parse them keeps nobody else waiting.
import { parentPort } from 'node:worker_threads';
import { FileRefused } from './reading/file-refused.js';
import { readFile } from './reading/read-file.js';
import type { Bytes } from './reading/unpack.js';
import type { Assignment, FromThread, ToThread, Wish } from './thread-protocol.js';

const port = parentPort!;
/** An answer that does not come ends this thread: the process has no use for it any more. */
const waiting = new Map<number, (bytes: Uint8Array | null) => void>();
let count = 0;

port.on('message', (message: ToThread) => {
  if ('assignment' in message) return void work(message.assignment);
  waiting.get(message.answer)?.(message.bytes);
  waiting.delete(message.answer);
});

function tell(message: FromThread): void {
  port.postMessage(message);
}

function ask(wish: Wish): Promise<Uint8Array | null> {
  return new Promise((resolve) => {
    waiting.set(++count, resolve);
    tell({ wish, number: count });
  });
}

async function work({ size, options, ...limits }: Assignment): Promise<void> {
  let bytes = 0;
  let told = 0;
  try {
    const read = await readFile(
      {
        size,
        bytes: pieces,
        slice: async (from, to) => {
          const piece = await ask({ from, to });
          return piece!.buffer.slice(piece!.byteOffset, piece!.byteOffset + piece!.byteLength) as ArrayBuffer;
        },
      },
      {
        ...limits,
        options,
        onBytes: (now) => {
          bytes = now;
          if (performance.now() - told < 200) return;
          told = performance.now();
          tell({ read: bytes });
        },
        write: async (slice) => void (await ask({ slice, bytes })),
      },
    );
    tell({ done: read });
  } catch (error) {
    tell({ failed: { message: (error as Error).message, isRefusal: error instanceof FileRefused } });
  }
}

/** The pieces of the file; the next one is asked for while one is worked on. */
async function* pieces(): Bytes {
  let next = ask({ next: true });
  for (;;) {
    const piece = await next;
    if (piece === null) return;
    next = ask({ next: true });
    yield piece;
  }
}
