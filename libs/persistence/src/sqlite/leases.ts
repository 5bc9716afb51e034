import type { ClaimTerms, JsonText, Lease } from '@app/tasks';
import { claimedColumns } from '../claimed-row.js';
import type { SqliteDatabase } from './sqlite-database.js';

const CLAIM = `UPDATE tasks SET status = 'PROCESSING', attempt = attempt + 1, worker_id = ?, lease_until = ?, announce_at = ?,
  started_at = ?, updated_at = ?, progress = NULL
  WHERE id IN (SELECT value FROM json_each(?)) AND status = 'PENDING' AND run_at <= ?
  AND type IN (SELECT value FROM json_each(?))`;

const HELD_BY_WORKER = `SELECT json_array(${claimedColumns('started_at - run_at')}) AS claimed FROM tasks
  WHERE id IN (SELECT value FROM json_each(?)) AND status = 'PROCESSING' AND worker_id = ? AND lease_until > ?`;

const RENEW = `UPDATE tasks SET lease_until = ?, announce_at = ? WHERE id = ? AND status = 'PROCESSING' AND attempt = ?`;

const HELD = `SELECT id FROM tasks WHERE id = ? AND status = 'PROCESSING' AND attempt = ?`;

/** Grants attempts and answers the rows that the worker holds now: each a ClaimedRow as JSON text, which travels and is read faster. */
export function claim(db: SqliteDatabase, now: number, ids: readonly string[], terms: ClaimTerms): JsonText[] {
  const { workerId } = terms;
  const leaseUntil = now + terms.leaseMs;
  const named = JSON.stringify(ids);
  db.affect(CLAIM, [workerId, leaseUntil, leaseUntil, now, now, named, now, JSON.stringify(terms.types)]);
  return db.rows<{ claimed: JsonText }>(HELD_BY_WORKER, [named, workerId, now]).map(({ claimed }) => claimed);
}

export function renew(db: SqliteDatabase, now: number, leases: readonly Lease[], leaseMs: number): Lease[] {
  const until = now + leaseMs;
  return leases.filter(({ id, attempt }) => db.affect(RENEW, [until, until, id, attempt]) === 1);
}

export function held(db: SqliteDatabase, leases: readonly Lease[]): Lease[] {
  return leases.filter(({ id, attempt }) => db.rows(HELD, [id, attempt]).length === 1);
}
