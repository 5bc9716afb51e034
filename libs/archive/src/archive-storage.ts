import type { Readable } from 'node:stream';
import type { StoredObject } from './archive.js';

/** How a file that is kept can be read: now, after it was asked for, or soon because it was. */
export type Readiness = 'ready' | 'asleep' | 'waking';

/** What the storage itself says about a file: at least one of the checksums that were noted when it was written. */
export type ObjectState = Pick<StoredObject, 'size' | 'checksums' | 'storageClass'> & { readiness: Readiness };

export const RESTORE_TIERS = ['Standard', 'Bulk', 'Expedited'] as const;
/** How fast S3 makes files ready. */
export type RestoreTier = (typeof RESTORE_TIERS)[number];

/** Keeps the files of archives. */
export abstract class ArchiveStorage {
  /**
   * Keeps a file whole or not at all, in place of one with the same key.
   *
   * @param cold whether it goes to the class for what is hardly ever read.
   */
  abstract put(
    key: string,
    content: AsyncIterable<Uint8Array>,
    options: { cold: boolean; signal: AbortSignal },
  ): Promise<StoredObject>;

  /** What is known of a file without reading it, if the storage can say so; null if there is none. */
  abstract look(key: string): Promise<ObjectState | null>;

  /** @throws Error while it is not ready. */
  abstract open(key: string): Promise<Readable>;

  /** Asks for a file that is asleep. */
  abstract wake(key: string, wish: { days: number; tier: RestoreTier }): Promise<void>;

  /** The keys of all files below a prefix. */
  abstract list(prefix: string): Promise<string[]>;

  /** Forgets a file, if there is one. */
  abstract remove(key: string): Promise<void>;

  /** Ends what was begun below a prefix and never became a file. */
  abstract tidy(prefix: string): Promise<void>;
}
