import type {
  Announcement,
  ClaimTerms,
  FileOutcome,
  Firing,
  JsonText,
  KeyedInsert,
  KeyedOutcome,
  Lease,
  NewTask,
  Report,
  TaskFile,
  Transition,
} from '@app/tasks';
import { TASK_COLUMNS, type TaskRow } from '../task-row.js';
import { ARCHIVE_WRITES } from './archives.js';
import { runAccess } from './access.js';
import { keepFile } from './files.js';
import { insertOnce, insertTasks, type PackedTasks } from './insert.js';
import { addTry, keepSecret } from './callbacks.js';
import { claim, held, renew } from './leases.js';
import { NOTICE_READS, NOTICE_WRITES } from './notices.js';
import { appendRows, beginImport, endImport } from './records.js';
import { report } from './reports.js';
import { fire, release } from './schedule-fires.js';
import { deleteSchedule, dueSchedules, forgetFires, insertSchedule, updateSchedule } from './schedules.js';
import { completeAll, settle } from './settle.js';
import type { Statement } from '../shared/sql.js';
import { outcomeOf, type Outcome, type SqliteDatabase } from './sqlite-database.js';

/** What only reads. */
const READS = {
  rows: (db: SqliteDatabase, _now: number, sql: string, params: readonly unknown[]): unknown[] => db.rows(sql, params),

  held: (db: SqliteDatabase, _now: number, leases: readonly Lease[]): Lease[] => held(db, leases),

  unclaimed: (db: SqliteDatabase, now: number, ids: readonly string[]): TaskRow[] =>
    db.rows(
      `SELECT ${TASK_COLUMNS} FROM tasks WHERE id IN (SELECT value FROM json_each(?)) AND status = 'PENDING' AND run_at <= ?`,
      [JSON.stringify(ids), now],
    ),

  expired: (db: SqliteDatabase, now: number, limit: number): TaskRow[] =>
    db.rows(
      `SELECT ${TASK_COLUMNS} FROM tasks INDEXED BY tasks_attention
       WHERE status = 'PROCESSING' AND announce_at <= ? AND lease_until <= ? ORDER BY announce_at LIMIT ?`,
      [now, now, limit],
    ),

  due: (db: SqliteDatabase, now: number, limit: number, aheadMs: number): (Announcement & { fresh: number })[] =>
    db.rows(
      `SELECT id, priority, announce_at <= run_at AS fresh FROM tasks INDEXED BY tasks_attention
       WHERE status = 'PENDING' AND announce_at <= ? AND run_at <= ? ORDER BY announce_at LIMIT ?`,
      [now + aheadMs, now, limit],
    ),

  now: (_db: SqliteDatabase, now: number): number => now,

  dueSchedules,
  readAccess: runAccess,

  ...NOTICE_READS,
};

/** What writes, each as a whole or not at all. */
const WRITES = {
  insert: (db: SqliteDatabase, now: number, tasks: PackedTasks, announceAgainMs: number): void =>
    insertTasks(db, now, tasks, announceAgainMs),

  insertOnce: (db: SqliteDatabase, now: number, submissions: readonly KeyedInsert[], announceAgainMs: number): KeyedOutcome[] =>
    submissions.map((submission) => insertOnce(db, now, submission, announceAgainMs)),

  claim: (db: SqliteDatabase, now: number, ids: readonly string[], terms: ClaimTerms): JsonText[] => claim(db, now, ids, terms),

  renew: (db: SqliteDatabase, now: number, leases: readonly Lease[], leaseMs: number): Lease[] => renew(db, now, leases, leaseMs),

  settle: (db: SqliteDatabase, now: number, transitions: readonly Transition[]): boolean[] =>
    transitions.map((transition) => settle(db, now, transition)),

  complete: completeAll,

  report: (db: SqliteDatabase, now: number, reports: readonly Report[], mostLines: number): void =>
    report(db, now, reports, mostLines),

  keepFile: (db: SqliteDatabase, now: number, lease: Lease, file: Omit<TaskFile, 'createdAt'>): FileOutcome =>
    keepFile(db, now, lease, file),

  /** Leaves out rows that were put back for later meanwhile: they must be announced when their time comes. */
  announceIn: (db: SqliteDatabase, now: number, ids: readonly string[], inMs: number | null): void => {
    db.affect(
      `UPDATE tasks SET announce_at = ? WHERE id IN (SELECT value FROM json_each(?)) AND status = 'PENDING' AND run_at <= ?`,
      [inMs === null ? null : now + inMs, JSON.stringify(ids), now],
    );
  },

  forgetKeys: (db: SqliteDatabase, now: number, limit: number): number =>
    db.affect(
      `DELETE FROM idempotency_keys WHERE idempotency_key IN
       (SELECT idempotency_key FROM idempotency_keys WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)`,
      [now, limit],
    ),

  beginImport,
  appendRows,
  endImport,

  insertSchedule,
  updateSchedule,
  deleteSchedule: (db: SqliteDatabase, _now: number, id: string): boolean => deleteSchedule(db, id),
  fire: (db: SqliteDatabase, now: number, firing: Firing, announceAgainMs: number): NewTask[] | null =>
    fire(db, now, firing, announceAgainMs),
  release,
  forgetFires,
  addTry,
  keepSecret,
  changeAccess: runAccess,

  together,
  togetherLightly: together,

  ...NOTICE_WRITES,
  ...ARCHIVE_WRITES,
};

function together(db: SqliteDatabase, _now: number, statements: readonly Statement[]): number[] {
  return statements.map(({ sql, params }) => db.affect(sql, params));
}

const OPERATIONS = { ...READS, ...WRITES };
type Operations = typeof OPERATIONS;

/**
 * What need not survive a power cut, and so need not wait for the disk: the worker that was granted an attempt has lost its power too,
 * and an announcement can be repeated. A process that dies by itself loses nothing in any case.
 */
const MAY_BE_LOST: ReadonlySet<string> = new Set<Operation>([
  'claim',
  'renew',
  'report',
  'beginImport',
  'appendRows',
  'announceIn',
  'forgetKeys',
  'forgetFires',
  'togetherLightly',
]);

/** The name of a unit of work. */
export type Operation = keyof Operations;

/** What a unit of work is given, beside the database and its clock. */
export type Given<O extends Operation> = Operations[O] extends (db: SqliteDatabase, now: number, ...given: infer G) => unknown
  ? G
  : never;

/** What a unit of work answers. */
export type Result<O extends Operation> = ReturnType<Operations[O]>;

/** A unit of work as it travels to the thread that has the file. */
export interface Call {
  operation: Operation;
  given: readonly unknown[];
}

/** Runs units of work that came together, in their order: if any of them writes, all in one transaction. */
export function runCalls(db: SqliteDatabase, calls: readonly Call[]): Outcome[] {
  const now = db.now();
  const units = calls.map(({ operation, given }) => () => {
    const run = OPERATIONS[operation] as (db: SqliteDatabase, now: number, ...given: readonly unknown[]) => unknown;
    return run(db, now, ...given);
  });
  if (!calls.some(({ operation }) => operation in WRITES)) return units.map(outcomeOf);
  const durable = !calls.every(({ operation }) => operation in READS || MAY_BE_LOST.has(operation));
  return db.together(units, durable);
}
