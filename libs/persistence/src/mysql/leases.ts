import type { ClaimTerms, Lease } from '@app/tasks';
import { claimedColumns, type ClaimedRow } from '../claimed-row.js';
import { isLockTimeout } from './errors.js';
import { marks, type Statements } from './statements.js';

const COLUMNS = claimedColumns('TIMESTAMPDIFF(MICROSECOND, run_at, started_at) DIV 1000');

/** Grants attempts and answers the rows that the worker holds now. */
export async function claim(statements: Statements, given: readonly string[], terms: ClaimTerms): Promise<ClaimedRow[]> {
  const { workerId, types } = terms;
  const ids = [...new Set(given)];
  if (ids.length === 0 || types.length === 0) return [];
  try {
    await grant(statements, ids, terms);
  } catch (error) {
    if (!isLockTimeout(error)) throw error;
    // One locked row must not hold up the whole batch. Asking every time would cost every batch a statement.
    await grant(statements, await unlocked(statements, ids), terms);
  }
  return statements.lists<ClaimedRow>(
    `SELECT ${COLUMNS} FROM tasks FORCE INDEX (PRIMARY)
     WHERE id IN (${marks(ids)}) AND status = 'PROCESSING' AND worker_id = ? AND lease_until > UTC_TIMESTAMP(3)`,
    [...ids, workerId],
  );
}

/** The hint keeps the locks to the rows that are named. */
async function grant(statements: Statements, ids: readonly string[], { workerId, leaseMs, types }: ClaimTerms): Promise<void> {
  if (ids.length === 0) return;
  await statements.affect(
    `UPDATE tasks FORCE INDEX (PRIMARY) SET status = 'PROCESSING', attempt = attempt + 1, worker_id = ?,
       lease_until = UTC_TIMESTAMP(3) + INTERVAL ? MICROSECOND, announce_at = UTC_TIMESTAMP(3) + INTERVAL ? MICROSECOND,
       started_at = UTC_TIMESTAMP(3), updated_at = UTC_TIMESTAMP(3), progress = NULL
     WHERE id IN (${marks(ids)}) AND status = 'PENDING' AND run_at <= UTC_TIMESTAMP(3) AND type IN (${marks(types)})`,
    [workerId, leaseMs * 1000, leaseMs * 1000, ...ids, ...types],
  );
}

async function unlocked(statements: Statements, ids: readonly string[]): Promise<string[]> {
  const rows = await statements.rows<{ id: string }>(
    `SELECT id FROM tasks FORCE INDEX (PRIMARY) WHERE id IN (${marks(ids)}) FOR UPDATE SKIP LOCKED`,
    ids,
  );
  return rows.map(({ id }) => id);
}

export async function renew(statements: Statements, leases: readonly Lease[], leaseMs: number): Promise<readonly Lease[]> {
  if (leases.length === 0) return [];
  const renewed = await statements.affect(
    `UPDATE tasks FORCE INDEX (PRIMARY) SET lease_until = UTC_TIMESTAMP(3) + INTERVAL ? MICROSECOND,
       announce_at = UTC_TIMESTAMP(3) + INTERVAL ? MICROSECOND
     WHERE ${stillHeld(leases)}`,
    [leaseMs * 1000, leaseMs * 1000, ...idsThenPairs(leases)],
  );
  return renewed === leases.length ? leases : held(statements, leases);
}

export async function held(statements: Statements, leases: readonly Lease[]): Promise<Lease[]> {
  if (leases.length === 0) return [];
  return statements.rows<Lease>(
    `SELECT id, attempt FROM tasks FORCE INDEX (PRIMARY) WHERE ${stillHeld(leases)}`,
    idsThenPairs(leases),
  );
}

/** A condition for {@link idsThenPairs}. The ids find the rows, the pairs decide: not every server reads an index by pairs. */
export function stillHeld(leases: readonly Lease[]): string {
  return `id IN (${marks(leases)}) AND status = 'PROCESSING' AND (id, attempt) IN (${marks(leases, '(?, ?)')})`;
}

export function idsThenPairs(leases: readonly Lease[]): unknown[] {
  return [...leases.map(({ id }) => id), ...leases.flatMap(({ id, attempt }) => [id, attempt])];
}
