import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, opendir, rename, rm, stat } from 'node:fs/promises';
import { once } from 'node:events';
import { dirname, join, relative, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { FileStorage, type FileContent, type KeptContent, type PutOptions, type StoredContent } from '@app/tasks';
import { Measured } from './measured.js';
import { UNFINISHED, checkPlace } from './place.js';

export interface LocalFilesOptions {
  /** Where files are kept; made when it is missing. Processes that share tasks share it. */
  folder: string;
  /** Largest file. */
  maxBytes: number;
}

/** Files in a folder. Each is written under a passing name and gets its own when it is whole. */
export class LocalFiles extends FileStorage {
  constructor(private readonly options: LocalFilesOptions) {
    super();
  }

  async put(place: string, content: FileContent, options: PutOptions = {}): Promise<StoredContent> {
    checkPlace(place);
    const measured = new Measured(content, { maxBytes: this.options.maxBytes, ...options });
    const passing = this.pathOf(`${UNFINISHED}/${randomUUID()}`);
    await mkdir(dirname(passing), { recursive: true });
    try {
      await write(passing, measured);
      const stored = measured.storedAt(place);
      const path = this.pathOf(stored.key);
      await mkdir(dirname(path), { recursive: true });
      await rename(passing, path);
      await syncFolder(dirname(path));
      return stored;
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

  async *list(folder: string): AsyncGenerator<KeptContent, void, void> {
    for await (const path of filesIn(this.pathOf(folder))) {
      const { mtime } = (await stat(path).catch(missing)) ?? {};
      const key = relative(this.options.folder, path).split(sep).join('/');
      // Others may remove what is being listed.
      if (mtime) yield { key, changedAt: mtime };
    }
  }

  async removeUnfinished(before: Date): Promise<number> {
    let removed = 0;
    for await (const { key, changedAt } of this.list(UNFINISHED)) {
      if (changedAt >= before) continue;
      await this.remove(key);
      removed++;
    }
    return removed;
  }

  private pathOf(key: string): string {
    return join(this.options.folder, key);
  }
}

async function write(path: string, content: AsyncIterable<Uint8Array>): Promise<void> {
  const file = await open(path, 'wx');
  try {
    for await (const chunk of content) await file.writeFile(chunk);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The files in a folder and in those within it; none if there is no such folder. */
async function* filesIn(path: string): AsyncGenerator<string, void, void> {
  const folder = await opendir(path, { recursive: true }).catch(missing);
  for await (const entry of folder ?? []) if (entry.isFile()) yield join(entry.parentPath, entry.name);
}

function missing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
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
