import type { ImportOptions } from './import-options.js';
import type { RowSlice } from './reading/row-sink.js';
import type { ReadFile } from './reading/read-file.js';

/** What a thread is told to read. */
export interface Assignment {
  options: ImportOptions;
  size: number;
  after: number;
  sliceRows: number;
  sliceLength: number;
  maxUnpackedBytes: number;
}

/** What a thread asks for while it reads. */
export type Wish = { next: true } | { from: number; to: number } | { slice: RowSlice; bytes: number };

/** From the process to the thread: a file to read, or what became of a wish. Null bytes are the end of the file. */
export type ToThread = { assignment: Assignment } | { answer: number; bytes: Uint8Array | null };

/** From the thread to the process: a wish, how far it is, or the end. */
export type FromThread =
  { wish: Wish; number: number } | { read: number } | { done: ReadFile } | { failed: { message: string; isRefusal: boolean } };
