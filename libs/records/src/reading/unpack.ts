import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { FileRefused } from './file-refused.js';

/** A file may unpack to more than that only if it was not packed denser than {@link MAX_RATIO}. */
const ALWAYS_ALLOWED = 1024 * 1024;
/** Tables of plain text reach 1 : 100 at most; what was made to fill disks reaches 1 : 1000. */
const MAX_RATIO = 200;
const SAMPLE_BYTES = 64 * 1024;

export type Bytes = AsyncIterable<Uint8Array>;

/** Bytes whose beginning is known. */
interface Peeked {
  sample: Uint8Array;
  /** All of them, with the beginning. */
  bytes: Bytes;
  /** To be called by who does not want them to the end. */
  close: () => Promise<unknown>;
}

/** Looks at the beginning of bytes without taking it away. */
export async function peek(bytes: Bytes): Promise<Peeked> {
  const iterator = bytes[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  let length = 0;
  while (length < SAMPLE_BYTES) {
    const next = await iterator.next();
    if (next.done) break;
    first.push(next.value);
    length += next.value.length;
  }
  const rest: Bytes = { [Symbol.asyncIterator]: () => iterator };
  const whole = async function* () {
    yield* first;
    yield* rest;
  };
  return {
    sample: Buffer.concat(first).subarray(0, SAMPLE_BYTES),
    bytes: whole(),
    close: async () => iterator.return?.(),
  };
}

export function isGzip(sample: Uint8Array): boolean {
  return sample[0] === 0x1f && sample[1] === 0x8b;
}

/**
 * Unpacks gzip while it is read.
 *
 * @param maxBytes most that it may unpack to.
 * @throws FileRefused while reading, for what is broken, too large, or packed denser than any honest file.
 */
export async function* gunzip(packed: Bytes, maxBytes: number): Bytes {
  let failure: unknown;
  const counted = async function* () {
    try {
      yield* packed;
    } catch (error) {
      failure = error;
      throw error;
    }
  };
  const source = Readable.from(counted());
  const unzip = createGunzip({ chunkSize: 256 * 1024 });
  source.on('error', (error) => unzip.destroy(error));
  source.pipe(unzip);
  let given = 0;
  try {
    for await (const chunk of unzip as AsyncIterable<Uint8Array>) {
      given += chunk.length;
      if (given > maxBytes) throw new FileRefused(`The file unpacks to more than ${maxBytes} bytes.`);
      if (given > ALWAYS_ALLOWED && given > unzip.bytesWritten * MAX_RATIO) {
        throw new FileRefused(`The file unpacks to more than ${MAX_RATIO} times its size.`);
      }
      yield chunk;
    }
  } catch (error) {
    if (error instanceof FileRefused || error === failure) throw error;
    throw new FileRefused(`The gzip of the file is broken: ${(error as Error).message}.`);
  } finally {
    source.destroy();
    unzip.destroy();
  }
}
