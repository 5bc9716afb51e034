import type { Readable } from 'node:stream';

/** Bytes that can be kept. */
export type FileContent = Uint8Array | AsyncIterable<Uint8Array>;

/** What became of content that was put. */
export interface StoredContent {
  /** Opens it again. Names the content: the same bytes in the same place have the same key, and other bytes another one. */
  key: string;
  size: number;
  /** In hexadecimal digits. */
  sha256: string;
}

/** Content that is kept. */
export interface KeptContent {
  key: string;
  changedAt: Date;
}

export interface PutOptions {
  signal?: AbortSignal;
  /** In place of the limit for files of tasks. */
  maxBytes?: number;
}

/** Keeps the bytes of files. Which task has which files is for {@link TaskStore} to say. */
export abstract class FileStorage {
  /**
   * Keeps the content whole or not at all; it is on the disk when this resolves.
   *
   * @param place where it belongs: path segments of letters, digits and `-`.
   * @throws PermanentFailure when it is larger than may be kept; the error of the content; any other error when a later try may do.
   */
  abstract put(place: string, content: FileContent, options?: PutOptions): Promise<StoredContent>;

  /**
   * The content, or the bytes of a range (`to` is the one after the last).
   *
   * @throws Error when there is none with this key, with the code `ENOENT`.
   */
  abstract open(key: string, range?: { from: number; to: number }): Promise<Readable>;

  /** Forgets the content, if there is any. */
  abstract remove(key: string): Promise<void>;

  /** Everything whose key begins with a folder, in any order. */
  abstract list(folder: string): AsyncIterable<KeptContent>;

  /** Forgets what calls of {@link put} have left behind that did not end, and began before a time. Answers how much it was. */
  abstract removeUnfinished(before: Date): Promise<number>;
}
