import type { Lease } from '@app/tasks';
import type { Archive, ArchivePart, ArchivePlan, ArchiveStatus, StoredObject } from './archive.js';
import type { Period } from './fiscal-year.js';
import type { RowKey } from './row-digest.js';
import type { ArchiveKind, ArchiveRow } from './tables.js';

/** How many rows of a period there are, and how many of them other rows refer to, so that they would not be deleted. */
export interface RowCount {
  rows: number;
  kept: number;
}

export interface RemovedRows {
  deleted: number;
  /** Rows that others refer to for a while: a callback that is not delivered, an idempotency key that is remembered. */
  held: number;
}

export interface ArchivePage {
  archives: Archive[];
  /** Ask again with this as `before` for older archives; null at the end. */
  next: string | null;
}

/**
 * Keeps archives, and gives and takes the rows that are archived. Every write carries the lease of the attempt that makes it, and changes
 * nothing once another attempt was granted (LeaseLost). Every method is one unit of work and fails as the TaskStore does, but for
 * {@link count}, which is several.
 */
export abstract class ArchiveStore {
  /** The archive of the task that has the lease; begins it with the plan if there is none. */
  abstract begin(lease: Lease, plan: ArchivePlan): Promise<Archive>;

  abstract find(id: string): Promise<Archive | null>;

  /** Newest first. */
  abstract list(page: { size: number; before?: string }): Promise<ArchivePage>;

  /** The parts that were kept, by kind and number. */
  abstract parts(id: string): Promise<ArchivePart[]>;

  /** Moves the archive to a status, if it has one that leads there; answers whether it has it now. */
  abstract advance(lease: Lease, id: string, status: ArchiveStatus, set?: { manifest?: StoredObject }): Promise<boolean>;

  /** @param keepKeysMs how long an idempotency key is remembered. */
  abstract count(kind: ArchiveKind, period: Period, keepKeysMs: number): Promise<RowCount>;

  /** Rows of a period in the order of their keys, `after` one; as many as are read and held at once. Empty at the end. */
  abstract rows(kind: ArchiveKind, period: Period, after: string | null): Promise<ArchiveRow[]>;

  /** Notes a part that is stored; noting it again changes nothing. */
  abstract keepPart(lease: Lease, id: string, part: ArchivePart): Promise<void>;

  /** Deletes those of the rows that are still as they were archived and that nothing refers to, if the archive is DELETING. */
  abstract remove(lease: Lease, id: string, part: ArchivePart, keys: readonly RowKey[], keepKeysMs: number): Promise<RemovedRows>;

  /** Puts rows back that are not there, if the archive is RESTORING; answers how many. */
  abstract insert(lease: Lease, id: string, part: ArchivePart, rows: readonly Pick<ArchiveRow, 'cells'>[]): Promise<number>;

  /** Notes that nothing is left to do for a part. */
  abstract endPart(lease: Lease, id: string, part: ArchivePart, done: 'removed' | 'restored'): Promise<void>;
}
