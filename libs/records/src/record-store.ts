import type { Lease, TaskStatus } from '@app/tasks';
import type { RowSlice } from './reading/row-sink.js';

/** A file that is to become rows of a dataset. */
export interface ImportFile {
  dataset: string;
  /** Names the content: the file with this key becomes rows of the dataset once, whichever task does it. */
  source: string;
  name: string;
  /** In bytes. */
  size: number;
}

/** How far an import is. */
export interface ImportState {
  /** Stands for the import in calls to the store. */
  number: number;
  dataset: string;
  /** The last row that is written, good or bad. */
  row: number;
  records: number;
  errors: number;
  format: string | null;
  /** Set when nothing more will come: the empty text for an import of the whole file, else the reason why the rest is missing. */
  outcome: string | null;
}

/** A dataset with what all its imports have given so far. */
export interface Dataset {
  id: string;
  imports: number;
  /** Rows that are here. */
  records: number;
  /** Rows that are in archives only. */
  archived: number;
  errors: number;
  fields: string[];
  createdAt: Date;
  updatedAt: Date;
}

/** The place of a row in its dataset. */
export interface RowPosition {
  import: number;
  row: number;
}

export interface DataRecord extends RowPosition {
  taskId: string;
  /** An object as JSON text. */
  data: string;
}

export interface RecordError extends RowPosition {
  taskId: string;
  file: string;
  line: number | null;
  reason: string;
  text: string;
}

/** One file of a batch: its task, and what its import has given. */
export interface BatchFile {
  taskId: string;
  status: TaskStatus;
  payload: unknown;
  records: number;
  errors: number;
  bytes: number;
}

export interface FieldFilter {
  field: string;
  value: string;
}

/** Rows after a position; `next` is null at the end. A page may be shorter than asked, even empty, and still have a next one. */
export interface RowPage<Row> {
  rows: Row[];
  next: RowPosition | null;
}

/**
 * Keeps the rows that files were made into, in the database of the tasks. Every write carries the lease of the attempt that makes it, and
 * changes nothing once another attempt was granted.
 */
export abstract class RecordStore {
  /** How much one {@link append} may carry without holding up the tasks' own statements. */
  abstract readonly sliceRows: number;
  /** The same in characters. */
  abstract readonly sliceLength: number;

  /** Finds the import of the file, or begins it. @throws LeaseLost */
  abstract begin(lease: Lease, file: ImportFile): Promise<ImportState>;

  /** Writes the rows after the last ones, with the number of bytes that are read so far. What was written before is not written again. @throws LeaseLost */
  abstract append(lease: Lease, number: number, slice: RowSlice, bytes: number): Promise<void>;

  /** Ends the import for good. @throws LeaseLost */
  abstract end(lease: Lease, number: number, result: { format: string | null; outcome: string }): Promise<ImportState>;

  /** The tasks of a batch, by the tag that they share. */
  abstract batch(tag: string): Promise<BatchFile[]>;

  /** By id, `after` one if given. */
  abstract datasets(page: { size: number; after?: string }): Promise<Dataset[]>;

  abstract dataset(id: string): Promise<Dataset | null>;

  /** Rows of a dataset in their order; empty if there is none. */
  abstract records(id: string, page: { size: number; after?: RowPosition; filter?: FieldFilter }): Promise<RowPage<DataRecord>>;

  abstract errors(id: string, page: { size: number; after?: RowPosition }): Promise<RowPage<RecordError>>;
}
