import { createHash } from 'node:crypto';
import { LeaseLost } from './errors.js';
import type { FileContent, FileStorage } from './file-storage.js';
import type { Lease } from './task.js';
import type { TaskStore } from './task-store.js';

/** One line without path separators, control characters, lone surrogates and marks that turn the direction of text around. */
const NAME = /^(?!\.{1,2}$)[^\p{Cc}\p{Cs}/\\\u202a-\u202e\u2066-\u2069]{1,255}$/u;
const MEDIA_TYPE = /^[a-z0-9.+-]{1,100}\/[a-z0-9.+-]{1,100}(?:; ?charset=utf-8)?$/;

/** True for a text that can be the name of a file. */
export function isFileName(name: string): boolean {
  return NAME.test(name);
}

/** The files of the task that an attempt works on. */
export class TaskFiles {
  constructor(
    private readonly storage: FileStorage,
    private readonly store: TaskStore,
    private readonly lease: Lease,
    private readonly signal: () => AbortSignal,
  ) {}

  /**
   * Keeps a file with the task, where clients find it at once. A file of the same name takes the place of the one before.
   *
   * @param name as clients see it, 1 to 255 characters without slashes.
   * @param mediaType such as `application/pdf`.
   * @throws LeaseLost if the attempt is not the task's any more; PermanentFailure if the file is too large.
   */
  async write(name: string, content: FileContent, mediaType: string): Promise<{ size: number; sha256: string }> {
    if (!isFileName(name)) throw new TypeError(`${JSON.stringify(name)} cannot be the name of a file.`);
    if (!MEDIA_TYPE.test(mediaType)) throw new TypeError(`"${mediaType}" is not a media type.`);
    const { key, size, sha256 } = await this.storage.put(this.placeOf(name), content, { signal: this.signal() });
    const outcome = await this.store.keepFile(this.lease, { name, mediaType, size, sha256, storageKey: key });
    // What an attempt without a lease has put is left: the next attempt may have put the same under the same key.
    if (!outcome.kept) throw new LeaseLost(this.lease.id, this.lease.attempt);
    if (outcome.replaced !== null && outcome.replaced !== key) await this.storage.remove(outcome.replaced).catch(() => {});
    return { size, sha256 };
  }

  /** By the task, so that a second run ends where the first one did. */
  private placeOf(name: string): string {
    return `${this.lease.id}/${createHash('sha256').update(name).digest('hex').slice(0, 16)}`;
  }
}
