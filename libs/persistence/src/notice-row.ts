import type { Digest, Failure, FailureGroup } from '@app/tasks';
import type { StoredInstant } from './task-row.js';

const MAX_ERROR = 200;

/** The beginning of a failure's message, whole characters only. */
export function errorOf(failure: Failure): string {
  return failure.message.slice(0, MAX_ERROR).toWellFormed();
}

export const DIGEST = `SELECT COUNT(*) AS count, MIN(failed_at) AS firstAt, MAX(failed_at) AS lastAt
  FROM failure_notices WHERE mail_id = ?`;

export const GROUPS = `SELECT type, kind, error, COUNT(*) AS count, MIN(task_id) AS first, MAX(task_id) AS last
  FROM failure_notices WHERE mail_id = ? GROUP BY type, kind, error ORDER BY count DESC, type, kind, error LIMIT ?`;

export interface DigestRow {
  count: number;
  firstAt: StoredInstant;
  lastAt: StoredInstant;
}

export interface GroupRow extends Omit<FailureGroup, 'examples'> {
  first: string;
  last: string;
}

export function toDigest(row: DigestRow, groups: readonly GroupRow[]): Digest {
  return {
    count: Number(row.count),
    firstAt: new Date(row.firstAt),
    lastAt: new Date(row.lastAt),
    groups: groups.map(({ first, last, count, ...group }) => ({ ...group, count: Number(count), examples: [first, last] })),
  };
}

/** What became of an attempt to take hold of a mail. */
export interface HeldRow {
  mailId: string;
  sent: number;
  earlier: number;
}
