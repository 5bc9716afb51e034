import type { IncomingMessage } from 'node:http';
import { pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { EgressFailure, failureOf } from './egress-failure.js';

/** The encodings that are undone. */
export const ACCEPT_ENCODING = 'gzip, deflate, br';

/** How much of an answer is read, counted after decompression, and what becomes of a larger one. */
export interface BodyLimit {
  maxBytes: number;
  /** `refuse`: no answer at all. `cut`: its beginning. */
  larger: 'refuse' | 'cut';
}

/** @throws EgressFailure */
export async function readBody(response: IncomingMessage, { maxBytes, larger }: BodyLimit): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of decoded(response) as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size <= maxBytes) continue;
      if (larger === 'cut') break;
      throw new EgressFailure('too_large', `The answer is larger than ${maxBytes} bytes.`);
    }
  } catch (error) {
    throw failureOf(error, true);
  }
  return Buffer.concat(chunks).subarray(0, maxBytes);
}

function decoded(response: IncomingMessage): Readable {
  const encoding = (response.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (encoding === 'identity' || encoding === '') return response;
  const decompress = decompressor(encoding);
  if (!decompress) throw new EgressFailure('malformed', 'The answer has a Content-Encoding that was not asked for.');
  // The reader learns of errors from the stream it reads.
  return pipeline(response, decompress, () => {});
}

function decompressor(encoding: string): ReturnType<typeof createGunzip> | undefined {
  if (encoding === 'gzip' || encoding === 'x-gzip') return createGunzip();
  if (encoding === 'deflate') return createInflate();
  return encoding === 'br' ? createBrotliDecompress() : undefined;
}
