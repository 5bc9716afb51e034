import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { dirname, join, relative } from 'node:path';
import type { Readable } from 'node:stream';
import type { StoredObject } from '../archive.js';
import { ArchiveStorage, type ObjectState } from '../archive-storage.js';

/** Where a file is while it is being written. */
const UNFINISHED = '.unfinished';

/** Files of archives in a folder. Each is written under a passing name and gets its own when it is whole. */
export class FolderStorage extends ArchiveStorage {
  constructor(private readonly folder: string) {
    super();
  }

  async put(key: string, content: AsyncIterable<Uint8Array>, { signal }: { signal: AbortSignal }): Promise<StoredObject> {
    const passing = join(dirname(this.pathOf(key)), `${UNFINISHED}-${randomUUID()}`);
    await mkdir(dirname(passing), { recursive: true });
    try {
      const { size, sha256 } = await write(passing, content, signal);
      await rename(passing, this.pathOf(key));
      await syncFolder(dirname(passing));
      return { key, size, sha256, checksums: { sha256 }, storageClass: null };
    } catch (error) {
      await rm(passing, { force: true });
      throw error;
    }
  }

  async look(key: string): Promise<ObjectState | null> {
    try {
      const hash = createHash('sha256');
      let size = 0;
      for await (const chunk of await this.open(key)) {
        size += (chunk as Buffer).length;
        hash.update(chunk as Buffer);
      }
      return { size, checksums: { sha256: hash.digest('hex') }, storageClass: null, readiness: 'ready' };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  }

  async open(key: string): Promise<Readable> {
    const stream = createReadStream(this.pathOf(key), { highWaterMark: 256 * 1024 });
    await once(stream, 'open');
    return stream;
  }

  async wake(): Promise<void> {}

  async list(prefix: string): Promise<string[]> {
    return (await this.filesBelow(prefix)).filter((key) => !key.includes(UNFINISHED));
  }

  async remove(key: string): Promise<void> {
    await rm(this.pathOf(key), { force: true });
  }

  async tidy(prefix: string): Promise<void> {
    const unfinished = (await this.filesBelow(prefix)).filter((key) => key.includes(UNFINISHED));
    await Promise.all(unfinished.map((key) => this.remove(key)));
  }

  private async filesBelow(prefix: string): Promise<string[]> {
    const entries = await readdir(this.pathOf(prefix), { recursive: true, withFileTypes: true }).catch((error: Error) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    });
    const files = entries.filter((entry) => entry.isFile());
    return files.map(({ parentPath, name }) => relative(this.folder, join(parentPath, name)).replaceAll('\\', '/'));
  }

  private pathOf(key: string): string {
    return join(this.folder, key);
  }
}

async function write(path: string, content: AsyncIterable<Uint8Array>, signal: AbortSignal) {
  const hash = createHash('sha256');
  let size = 0;
  const file = await open(path, 'wx');
  try {
    for await (const chunk of content) {
      signal.throwIfAborted();
      size += chunk.length;
      hash.update(chunk);
      await file.writeFile(chunk);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { size, sha256: hash.digest('hex') };
}

/** Makes a new name in a folder survive a power cut. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
