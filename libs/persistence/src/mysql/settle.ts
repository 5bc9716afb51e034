import { OPERATORS, type Failure, type Transition } from '@app/tasks';
import { areCompletions } from '../completions.js';
import { errorOf } from '../notice-row.js';
import { FOLLOW_AGAIN_MS } from '../follow.js';
import { insertMissing } from './insert.js';
import { idsThenPairs, stillHeld } from './leases.js';
import { marks, type Statements } from './statements.js';

/** What a transition is decided on, read under a lock. */
interface LockedRow {
  id: string;
  status: string;
  attempt: number;
  type: string;
  notifyEmail: string | null;
  workerId: string | null;
  startedAt: Date | null;
  lapsed: 0 | 1;
}

/**
 * Writes the results of finished attempts by one statement, for tasks that occur once; answers for each whether it landed.
 * A repetition counts as landed: only the holder of an attempt completes it, so the answer to its first try was lost.
 */
export async function complete(statements: Statements, transitions: readonly Transition[]): Promise<boolean[]> {
  if (transitions.length === 0) return [];
  const leases = transitions.map(({ taskId, from }) => ({ id: taskId, attempt: from.attempt }));
  const landed = await statements.affect(
    `UPDATE tasks FORCE INDEX (PRIMARY) SET result = CASE id ${leases.map(() => 'WHEN ? THEN ?').join(' ')} END,
       status = 'COMPLETED', error = NULL, lease_until = NULL, announce_at = UTC_TIMESTAMP(3),
       completed_at = UTC_TIMESTAMP(3), updated_at = UTC_TIMESTAMP(3)
     WHERE ${stillHeld(leases)}`,
    [...transitions.flatMap(({ taskId, set }) => [taskId, set.result ?? null]), ...idsThenPairs(leases)],
  );
  if (landed === transitions.length) return transitions.map(() => true);
  const completed = await statements.rows<{ id: string; attempt: number }>(
    `SELECT id, attempt FROM tasks FORCE INDEX (PRIMARY) WHERE id IN (${marks(leases)}) AND status = 'COMPLETED'`,
    leases.map(({ id }) => id),
  );
  const attempts = new Map(completed.map(({ id, attempt }) => [id, attempt]));
  return leases.map(({ id, attempt }) => attempts.get(id) === attempt);
}

/** Applies any transitions with what follows from them; to be run in a transaction. */
export async function settleAll(statements: Statements, transitions: readonly Transition[]): Promise<boolean[]> {
  const landed = await (areCompletions(transitions) ? complete : settle)(statements, transitions);
  // A repetition has what follows from it already, under the same ids.
  const following = transitions.flatMap(({ follow }, index) => (landed[index] ? (follow ?? []) : []));
  await insertMissing(statements, following, FOLLOW_AGAIN_MS);
  return landed;
}

async function settle(statements: Statements, transitions: readonly Transition[]): Promise<boolean[]> {
  const rows = await lock(statements, transitions);
  const landed: boolean[] = [];
  const past: unknown[][] = [];
  const notices: unknown[][] = [];
  for (const transition of transitions) {
    const row = rows.get(transition.taskId);
    const lands = row !== undefined && isAsDecidedOn(row, transition);
    landed.push(lands || isRepeated(row, transition));
    if (!lands) continue;
    await apply(statements, transition);
    const { recordAttempt, set } = transition;
    if (recordAttempt) past.push([row.id, row.attempt, row.workerId, row.startedAt, JSON.stringify(set.error)]);
    if (set.status === 'FAILED' && set.error) notices.push(...noticesOf(row, set.error));
    row.status = set.status;
  }
  if (past.length > 0) {
    await statements.affect(
      `INSERT INTO task_attempts (task_id, attempt, worker_id, started_at, error, ended_at)
       VALUES ${marks(past, '(?, ?, ?, ?, ?, UTC_TIMESTAMP(3))')}`,
      past.flat(),
    );
  }
  if (notices.length > 0) {
    await statements.affect(
      `INSERT INTO failure_notices (recipient, task_id, type, kind, error, failed_at)
       VALUES ${marks(notices, '(?, ?, ?, ?, ?, UTC_TIMESTAMP(3))')}`,
      notices.flat(),
    );
  }
  return landed;
}

/** For the operators, and for whom the task itself names. */
function noticesOf({ id, type, notifyEmail }: LockedRow, failure: Failure): unknown[][] {
  const notice = [id, type, failure.kind, errorOf(failure)];
  return [[OPERATORS, ...notice], ...(notifyEmail === null ? [] : [[notifyEmail, ...notice]])];
}

async function lock(statements: Statements, transitions: readonly Transition[]): Promise<Map<string, LockedRow>> {
  const ids = [...new Set(transitions.map(({ taskId }) => taskId))];
  const rows = await statements.rows<LockedRow>(
    `SELECT id, type, notify_email AS notifyEmail, status, attempt, worker_id AS workerId, started_at AS startedAt, lease_until <= UTC_TIMESTAMP(3) AS lapsed
     FROM tasks FORCE INDEX (PRIMARY) WHERE id IN (${marks(ids)}) ORDER BY id FOR UPDATE`,
    ids,
  );
  return new Map(rows.map((row) => [row.id, row]));
}

function isAsDecidedOn(row: LockedRow, { from }: Transition): boolean {
  return row.status === from.status && row.attempt === from.attempt && (!from.leaseExpired || row.lapsed === 1);
}

function isRepeated(row: LockedRow | undefined, { from, set }: Transition): boolean {
  return set.status === 'COMPLETED' && row?.status === 'COMPLETED' && row.attempt === from.attempt;
}

async function apply(statements: Statements, { taskId, from, set }: Transition): Promise<void> {
  const assignments = ['status = ?', 'updated_at = UTC_TIMESTAMP(3)', 'lease_until = NULL'];
  const params: unknown[] = [set.status];
  const assign = (assignment: string, value: unknown) => {
    assignments.push(assignment);
    params.push(value);
  };
  if (set.error) assign('error = ?', JSON.stringify(set.error));
  if (set.failures !== undefined) assign('failures = ?', set.failures);
  if (set.crashes !== undefined) assign('crashes = ?', set.crashes);
  if (set.status === 'COMPLETED') assign('error = NULL, result = ?', set.result ?? null);
  if (set.status === 'PENDING') {
    assignments.push('worker_id = NULL');
    assign('run_at = UTC_TIMESTAMP(3) + INTERVAL ? MICROSECOND', (set.dueInMs ?? 0) * 1000);
    assign('announce_at = UTC_TIMESTAMP(3) + INTERVAL ? MICROSECOND', (set.dueInMs ?? 0) * 1000);
  } else {
    assignments.push('announce_at = UTC_TIMESTAMP(3)', 'completed_at = UTC_TIMESTAMP(3)');
  }
  await statements.affect(`UPDATE tasks SET ${assignments.join(', ')} WHERE id = ? AND status = ? AND attempt = ?`, [
    ...params,
    taskId,
    from.status,
    from.attempt,
  ]);
}
