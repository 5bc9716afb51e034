import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { DeleteObjectCommand, PutObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { FileStorage, type FileContent, type KeptContent, type PutOptions, type StoredContent } from '@app/tasks';
import { Measured } from './measured.js';
import { UNFINISHED, checkPlace } from './place.js';
import { storageError, type S3Bucket } from './s3-bucket.js';
import { copyObject } from './s3-copy.js';
import { readObject } from './s3-reading.js';
import { endUploads } from './s3-unfinished.js';

export interface S3FilesOptions {
  /** Largest file. */
  maxBytes: number;
}

/** Content up to this size is put at once; larger content in parts of it, of which S3 takes 10,000. */
const PART_BYTES = 8 * 1024 * 1024;
/** Parts of one upload that are in memory. */
const PARTS_UNDER_WAY = 2;

/**
 * Files in a bucket of S3. Small content is hashed first and put under its key. Large content is put under a passing name while it is
 * hashed, and then copied by S3 itself: an object gets its name before its content is known.
 */
export class S3Files extends FileStorage {
  constructor(
    private readonly bucket: S3Bucket,
    private readonly options: S3FilesOptions,
  ) {
    super();
  }

  async put(place: string, content: FileContent, options: PutOptions = {}): Promise<StoredContent> {
    checkPlace(place);
    const measured = new Measured(content, { maxBytes: this.options.maxBytes, ...options });
    const pieces = measured[Symbol.asyncIterator]();
    try {
      const { bytes, isAll } = await beginningOf(pieces);
      if (isAll) return await this.putAtOnce(bytes, measured.storedAt(place), options);
      return await this.putInParts(place, measured, joined(bytes, pieces), options);
    } catch (error) {
      await pieces.return();
      options.signal?.throwIfAborted();
      throw measured.failure ?? storageError(error);
    }
  }

  async open(key: string, range?: { from: number; to: number }): Promise<Readable> {
    return readObject(this.bucket, key, range);
  }

  async remove(key: string): Promise<void> {
    try {
      await this.bucket.client.send(new DeleteObjectCommand(this.bucket.object(key)));
    } catch (error) {
      throw storageError(error);
    }
  }

  async *list(folder: string): AsyncGenerator<KeptContent, void, void> {
    const { client, place } = this.bucket;
    const pages = paginateListObjectsV2({ client }, { Bucket: place.bucket, Prefix: `${place.prefix}${folder}/` });
    try {
      for await (const { Contents = [] } of pages) {
        for (const { Key, LastModified } of Contents) yield { key: this.bucket.keyOf(Key!), changedAt: LastModified! };
      }
    } catch (error) {
      throw storageError(error);
    }
  }

  async removeUnfinished(before: Date): Promise<number> {
    let removed = 0;
    for await (const { key, changedAt } of this.list(UNFINISHED)) {
      if (changedAt >= before) continue;
      await this.remove(key);
      removed++;
    }
    try {
      return removed + (await endUploads(this.bucket, before));
    } catch (error) {
      throw storageError(error);
    }
  }

  private async putAtOnce(bytes: Uint8Array, stored: StoredContent, { signal }: PutOptions): Promise<StoredContent> {
    const put = new PutObjectCommand({ ...this.bucket.object(stored.key), Body: bytes });
    await this.bucket.client.send(put, { abortSignal: signal });
    return stored;
  }

  private async putInParts(
    place: string,
    measured: Measured,
    pieces: AsyncIterable<Uint8Array>,
    { signal }: PutOptions,
  ): Promise<StoredContent> {
    const passing = `${UNFINISHED}/${randomUUID()}`;
    const upload = new Upload({
      client: this.bucket.client,
      params: { ...this.bucket.object(passing), Body: Readable.from(pieces, { objectMode: false }) },
      partSize: PART_BYTES,
      queueSize: PARTS_UNDER_WAY,
    });
    try {
      await upload.done();
      signal?.throwIfAborted();
      const stored = measured.storedAt(place);
      await copyObject(this.bucket, passing, stored.key, stored.size);
      return stored;
    } finally {
      // What stays here all the same goes with what is unfinished.
      await this.remove(passing).catch(() => undefined);
    }
  }
}

/** Takes pieces until there is more than one part of them. */
async function beginningOf(pieces: AsyncIterator<Uint8Array>): Promise<{ bytes: Uint8Array; isAll: boolean }> {
  const taken: Uint8Array[] = [];
  let length = 0;
  while (length <= PART_BYTES) {
    const next = await pieces.next();
    if (next.done) return { bytes: Buffer.concat(taken), isAll: true };
    taken.push(next.value);
    length += next.value.length;
  }
  return { bytes: Buffer.concat(taken), isAll: false };
}

async function* joined(first: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  yield first;
  yield* rest;
}
