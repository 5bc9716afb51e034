import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { FileStorage, PermanentFailure, type FileContent, type PutOptions, type StoredContent } from '@app/tasks';

export interface LocalFilesOptions {
  /** Where files are kept; made when it is missing. Processes that share tasks share it. */
  folder: string;
  /** Largest file. */
  maxBytes: number;
}

const PLACE = /^[A-Za-z0-9-]+(?:\/[A-Za-z0-9-]+)*$/;

/** Files in a folder. Each is written under a passing name and gets its own when it is whole. */
export class LocalFiles extends FileStorage {
  constructor(private readonly options: LocalFilesOptions) {
    super();
  }

  async put(place: string, content: FileContent, options: PutOptions = {}): Promise<StoredContent> {
    if (!PLACE.test(place)) throw new TypeError(`"${place}" cannot be the place of a file.`);
    const passing = this.pathOf(`unfinished/${randomUUID()}`);
    await mkdir(dirname(passing), { recursive: true });
    try {
      const { size, sha256 } = await this.write(passing, content, options);
      const key = `${place}-${sha256}`;
      await mkdir(dirname(this.pathOf(key)), { recursive: true });
      await rename(passing, this.pathOf(key));
      await syncFolder(dirname(this.pathOf(key)));
      return { key, size, sha256 };
    } catch (error) {
      await rm(passing, { force: true });
      throw error;
    }
  }

  async open(key: string, range?: { from: number; to: number }): Promise<Readable> {
    const stream = createReadStream(this.pathOf(key), {
      highWaterMark: 256 * 1024,
      ...(range && { start: range.from, end: range.to - 1 }),
    });
    // Rejects when the file cannot be opened, before anything of it was promised to anybody.
    await once(stream, 'open');
    return stream;
  }

  async remove(key: string): Promise<void> {
    await rm(this.pathOf(key), { force: true });
  }

  private async write(path: string, content: FileContent, options: PutOptions): Promise<Omit<StoredContent, 'key'>> {
    const { signal, maxBytes = this.options.maxBytes } = options;
    const hash = createHash('sha256');
    let size = 0;
    const file = await open(path, 'wx');
    try {
      for await (const chunk of content instanceof Uint8Array ? [content] : content) {
        signal?.throwIfAborted();
        size += chunk.length;
        if (size > maxBytes) throw new PermanentFailure(`A file is larger than ${maxBytes} bytes.`);
        hash.update(chunk);
        await file.writeFile(chunk);
      }
      await file.sync();
    } finally {
      await file.close();
    }
    return { size, sha256: hash.digest('hex') };
  }

  private pathOf(key: string): string {
    return join(this.options.folder, key);
  }
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
