import type { JsonText, Transition } from '@app/tasks';
import { areCompletions } from '../completions.js';
import { FOLLOW_AGAIN_MS } from '../follow.js';
import { SHORT, insertTasks, pack } from './insert.js';
import { notice } from './notices.js';
import type { SqliteDatabase } from './sqlite-database.js';

const AS_DECIDED_ON = `id = ? AND status = ? AND attempt = ? AND (? = 0 OR lease_until <= ?)`;

// Before the update, which takes the worker's name off the row.
const RECORD_ATTEMPT = `INSERT INTO task_attempts (task_id, attempt, worker_id, started_at, ended_at, error)
  SELECT id, attempt, worker_id, started_at, ?, ? FROM tasks WHERE ${AS_DECIDED_ON}`;

const COMPLETE = `UPDATE tasks SET status = 'COMPLETED', result = ?, error = NULL, lease_until = NULL, announce_at = ?,
  updated_at = ?, completed_at = ? WHERE ${AS_DECIDED_ON}`;

const END = `UPDATE tasks SET status = ?, error = COALESCE(?, error), failures = COALESCE(?, failures), crashes = COALESCE(?, crashes),
  lease_until = NULL, announce_at = ?, updated_at = ?, completed_at = ? WHERE ${AS_DECIDED_ON}`;

const PUT_BACK = `UPDATE tasks SET status = 'PENDING', error = COALESCE(?, error), failures = COALESCE(?, failures),
  crashes = COALESCE(?, crashes), lease_until = NULL, worker_id = NULL, run_at = ?, announce_at = ?, updated_at = ?
  WHERE ${AS_DECIDED_ON}`;

const COMPLETED_BY = `SELECT id FROM tasks WHERE id = ? AND status = 'COMPLETED' AND attempt = ?`;

// The ids find the rows: without the plus signs the status would, and every row that runs is looked at for every task.
const COMPLETE_ALL = `UPDATE tasks SET status = 'COMPLETED', result = done.value->>2, error = NULL, lease_until = NULL, announce_at = ?2,
  updated_at = ?2, completed_at = ?2
  FROM json_each(?1) AS done WHERE tasks.id = done.value->>0 AND +status = 'PROCESSING' AND attempt = done.value->>1`;

const COMPLETED = `SELECT done.key AS position FROM json_each(?) AS done, tasks
  WHERE tasks.id = done.value->>0 AND +status = 'COMPLETED' AND attempt = done.value->>1`;

/** Completions of different tasks as they travel to the thread. */
export interface PackedCompletions {
  count: number;
  /** For each its task, its attempt and its result, which is JSON text. */
  done: JsonText;
}

/** Packs what {@link completeAll} can write; undefined if {@link settle} has to. */
export function packCompletions(transitions: readonly Transition[]): PackedCompletions | undefined {
  const isShort = ({ set, follow }: Transition) => !follow && (set.result?.length ?? 0) <= SHORT;
  if (!areCompletions(transitions) || !transitions.every(isShort)) return undefined;
  const done = transitions.map(({ taskId, from, set }) => [taskId, from.attempt, set.result ?? null]);
  return { count: done.length, done: JSON.stringify(done) };
}

/** Writes the results of finished attempts by one statement; answers for each whether it landed. A repetition counts as landed. */
export function completeAll(db: SqliteDatabase, now: number, { count, done }: PackedCompletions): boolean[] {
  const landed = Array<boolean>(count).fill(true);
  if (db.affect(COMPLETE_ALL, [done, now]) === count) return landed;
  const completed = new Set(db.rows<{ position: number }>(COMPLETED, [done]).map(({ position }) => position));
  return landed.map((_, position) => completed.has(position));
}

/** Answers whether the transition landed. */
export function settle(db: SqliteDatabase, now: number, transition: Transition): boolean {
  const { taskId, from, set, follow } = transition;
  if (apply(db, now, transition)) {
    if (follow) insertTasks(db, now, pack(follow), FOLLOW_AGAIN_MS);
    if (set.status === 'FAILED' && set.error) notice(db, now, taskId, set.error);
    return true;
  }
  // Only the holder of an attempt completes it: finding that done means that the answer to our first try was lost.
  return set.status === 'COMPLETED' && db.rows(COMPLETED_BY, [taskId, from.attempt]).length === 1;
}

/** The guarded write. */
function apply(db: SqliteDatabase, now: number, { taskId, from, set, recordAttempt }: Transition): boolean {
  const asDecidedOn = [taskId, from.status, from.attempt, from.leaseExpired ? 1 : 0, now];
  const error = set.error ? JSON.stringify(set.error) : null;
  const counts = [set.failures ?? null, set.crashes ?? null];
  if (recordAttempt) db.affect(RECORD_ATTEMPT, [now, error, ...asDecidedOn]);
  switch (set.status) {
    case 'COMPLETED':
      return db.affect(COMPLETE, [set.result ?? null, now, now, now, ...asDecidedOn]) === 1;
    case 'PENDING': {
      const runAt = now + (set.dueInMs ?? 0);
      return db.affect(PUT_BACK, [error, ...counts, runAt, runAt, now, ...asDecidedOn]) === 1;
    }
    default:
      return db.affect(END, [set.status, error, ...counts, now, now, now, ...asDecidedOn]) === 1;
  }
}
