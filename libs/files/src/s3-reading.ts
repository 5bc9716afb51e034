import { Readable } from 'node:stream';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { storageError, type S3Bucket } from './s3-bucket.js';
import { statusOf } from './s3-client.js';

interface Answer {
  body: Readable;
  length: number;
}

/** A stream that breaks is taken up where it broke, but not for ever. */
const MOST_BREAKS = 5;

/**
 * The bytes of an object, or of a range of it. A connection that breaks, or that was closed while nobody read on, is replaced.
 *
 * @throws Error with the code `ENOENT` if there is no such object; StorageUnavailable, also while it is read.
 */
export async function readObject(bucket: S3Bucket, key: string, range?: { from: number; to: number }): Promise<Readable> {
  const first = await ask(bucket, key, range && `bytes=${range.from}-${range.to - 1}`);
  return Readable.from(bytesOf(bucket, key, first, range?.from ?? 0), { objectMode: false });
}

async function* bytesOf(bucket: S3Bucket, key: string, first: Answer, from: number): AsyncGenerator<Uint8Array, void, void> {
  const end = from + first.length;
  let { body } = first;
  let breaks = 0;
  for (let at = from; at < end;) {
    try {
      for await (const chunk of body as AsyncIterable<Uint8Array>) {
        at += chunk.length;
        breaks = 0;
        yield chunk;
      }
    } catch (error) {
      if (++breaks > MOST_BREAKS) throw storageError(error);
      ({ body } = await ask(bucket, key, `bytes=${at}-${end - 1}`));
    }
  }
}

async function ask(bucket: S3Bucket, key: string, Range?: string): Promise<Answer> {
  try {
    const { Body, ContentLength } = await bucket.client.send(new GetObjectCommand({ ...bucket.object(key), Range }));
    return { body: Body as Readable, length: ContentLength! };
  } catch (error) {
    if (statusOf(error) !== 404) throw storageError(error);
    throw Object.assign(new Error(`ENOENT: there is no object "${key}".`, { cause: error }), { code: 'ENOENT' });
  }
}
