import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { PermanentFailure } from '@app/tasks';
import type { StoredObject } from './archive.js';
import type { ArchiveStorage } from './archive-storage.js';
import { rowsOf } from './parquet-reader.js';
import type { Cell, Column } from './tables.js';

/** The rows of a stored file, group by group, after all its bytes were found to be those that were written. @throws PermanentFailure if not */
export async function* storedRows(
  storage: ArchiveStorage,
  object: StoredObject,
  columns: readonly Column[],
  signal: AbortSignal,
): AsyncGenerator<Cell[][]> {
  const folder = await mkdtemp(join(tmpdir(), 'taskwell-archive-'));
  try {
    const path = join(folder, 'rows.parquet');
    const hash = createHash('sha256');
    const hashed = async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
      for await (const chunk of chunks) {
        hash.update(chunk);
        yield chunk;
      }
    };
    await pipeline(await storage.open(object.key), hashed, createWriteStream(path), { signal });
    const sha256 = hash.digest('hex');
    if (sha256 !== object.sha256) {
      throw new PermanentFailure(`${object.key}: the SHA-256 of its bytes is ${sha256}, expected ${object.sha256}.`);
    }
    yield* rowsOf(path, columns);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
