import { TaskError, WrongStatus } from '@app/tasks';
import type { Period } from './fiscal-year.js';
import type { ArchiveKind } from './tables.js';

/**
 * EXPORTING: its files are being written. VERIFIED: all of them are kept as they were written. DELETING: archived rows are being deleted.
 * COMPLETED: nothing is left to do. RESTORING: its rows are being put back, and none is deleted any more. RESTORED: they are back.
 */
export const ARCHIVE_STATUSES = ['EXPORTING', 'VERIFIED', 'DELETING', 'COMPLETED', 'RESTORING', 'RESTORED'] as const;
export type ArchiveStatus = (typeof ARCHIVE_STATUSES)[number];

/** From which statuses each one is entered. A second attempt enters the status that the first one has reached. */
export const ENTERED_FROM: Readonly<Record<ArchiveStatus, readonly ArchiveStatus[]>> = {
  EXPORTING: ['EXPORTING'],
  VERIFIED: ['EXPORTING'],
  DELETING: ['VERIFIED', 'DELETING'],
  COMPLETED: ['VERIFIED', 'DELETING'],
  RESTORING: ['VERIFIED', 'DELETING', 'COMPLETED', 'RESTORING', 'RESTORED'],
  RESTORED: ['RESTORING', 'RESTORED'],
};

/** What an archive is to hold, decided when it begins. */
export interface ArchivePlan {
  period: Period;
  /** The financial year that the period is; null for any other period. */
  fiscalYear: number | null;
  timeZone: string;
  /** Where its files are within the storage. */
  prefix: string;
  deleteRows: boolean;
}

/** One archive: one row in `archives`. */
export interface Archive extends ArchivePlan {
  /** That of the task that makes it. */
  id: string;
  status: ArchiveStatus;
  /** Rows that were deleted after they were archived. */
  deleted: number;
  /** Rows that were put back. */
  restored: number;
  manifest: StoredObject | null;
  /** The task that puts it back, or has. */
  restoreTaskId: string | null;
  createdAt: Date;
  updatedAt: Date;
  /** When all its files were found kept as they were written. */
  verifiedAt: Date | null;
  completedAt: Date | null;
}

/** A file in the storage, as it was written. */
export interface StoredObject {
  key: string;
  /** In bytes. */
  size: number;
  /** Of all its bytes, in hexadecimal digits. */
  sha256: string;
  /** What the storage itself must say about the content, by name. */
  checksums: Record<string, string>;
  /** Null where the storage knows no classes. */
  storageClass: string | null;
}

/** A file of rows, and beside it the file that names them. */
export interface ArchivePart {
  kind: ArchiveKind;
  /** From 1. */
  number: number;
  rows: number;
  firstKey: string;
  lastKey: string;
  object: StoredObject;
  keys: StoredObject;
  /** Nothing is left to delete of it. */
  removed: boolean;
  /** All of its rows are back. */
  restored: boolean;
}

/** There is no archive with this id. */
export class ArchiveNotFound extends TaskError {
  readonly code = 'archive_not_found';
  constructor() {
    super('There is no archive with this id.');
  }
}

/** @throws WrongStatus if the archive's files are not known to be whole. */
export function requireRestorable({ status }: Pick<Archive, 'status'>): void {
  if (!ENTERED_FROM.RESTORING.includes(status))
    throw new WrongStatus(`The archive is ${status}; it can be restored once it is VERIFIED.`);
}
