import { brakeMs, type AuditEntry, type Brake, type NewSession, type SessionLife, type User } from '@app/access';
import { note, turn } from './audit.js';
import { USER_COLUMNS, toUser, type UserRow } from './users.js';
import { affect, rows, type Work } from '../shared/work.js';

/** So long after the last failure, all are forgotten. */
const FAILURES_KEPT_MS = 3_600_000;
/** So long, a user is known where they have logged in. */
const MARKS_KEPT_MS = 30 * 24 * 3_600_000;

interface BrakeRow {
  failures: number;
  changedAt: Date | number;
  openAt: Date | number;
}

export function* attemptLogin(now: Date, brakes: readonly Brake[]): Work<number> {
  yield* turn();
  const held: { brake: Brake; row: BrakeRow | undefined }[] = [];
  for (const brake of brakes) {
    const row = yield* brakeOf(brake.subject);
    const excepted = brake.exceptMarked !== undefined && (yield* brakeOf(brake.exceptMarked)) !== undefined;
    if (!excepted) held.push({ brake, row });
  }
  const waitMs = Math.max(...held.map(({ row }) => (row ? msOf(row.openAt) - now.getTime() : 0)));
  if (waitMs > 0) return waitMs;
  for (const { brake, row } of held) {
    const before = row && now.getTime() - msOf(row.changedAt) < FAILURES_KEPT_MS ? row.failures : 0;
    const failures = before + 1;
    yield* setBrake(brake.subject, row, failures, now, new Date(now.getTime() + brakeMs(brake, failures)));
  }
  return 0;
}

export function* beginSession(now: Date, session: NewSession, life: SessionLife, entry: AuditEntry): Work<void> {
  yield* turn();
  for (const subject of session.release) yield* affect('DELETE FROM login_brakes WHERE subject = ?', [subject]);
  if (session.lift !== null) {
    yield* affect('UPDATE login_brakes SET failures = failures - 1, open_at = ? WHERE subject = ? AND failures > 0', [
      now,
      session.lift,
    ]);
  }
  if (session.mark !== null) yield* setBrake(session.mark, yield* brakeOf(session.mark), 0, now, now);
  if (session.insteadOf !== null) yield* affect('DELETE FROM sessions WHERE token_hash = ?', [session.insteadOf]);
  yield* affect('DELETE FROM sessions WHERE seen_at < ?', [ago(now, life.idleMs)]);
  yield* affect('DELETE FROM login_brakes WHERE changed_at < ?', [ago(now, MARKS_KEPT_MS)]);
  yield* affect('INSERT INTO sessions (token_hash, user_id, created_at, seen_at) VALUES (?, ?, ?, ?)', [
    session.tokenHash,
    session.userId,
    now,
    now,
  ]);
  yield* note(now, [entry]);
}

export function* userOfSession(now: Date, tokenHash: string, { idleMs, wholeMs }: SessionLife): Work<User | null> {
  const [row] = yield* rows<UserRow>(
    `SELECT ${USER_COLUMNS} FROM sessions INNER JOIN users ON users.id = sessions.user_id
     WHERE sessions.token_hash = ? AND sessions.seen_at > ? AND sessions.created_at > ? AND users.disabled = 0`,
    [tokenHash, ago(now, idleMs), ago(now, wholeMs)],
  );
  return row ? toUser(row) : null;
}

export function* touchSession(now: Date, tokenHash: string): Work<void> {
  yield* affect('UPDATE sessions SET seen_at = ? WHERE token_hash = ?', [now, tokenHash]);
}

export function* endSession(now: Date, tokenHash: string, entry: AuditEntry): Work<void> {
  yield* turn();
  if ((yield* affect('DELETE FROM sessions WHERE token_hash = ?', [tokenHash])) > 0) yield* note(now, [entry]);
}

function* brakeOf(subject: string): Work<BrakeRow | undefined> {
  const sql = 'SELECT failures, changed_at AS changedAt, open_at AS openAt FROM login_brakes WHERE subject = ?';
  return (yield* rows<BrakeRow>(sql, [subject]))[0];
}

function* setBrake(subject: string, row: BrakeRow | undefined, failures: number, changedAt: Date, openAt: Date): Work<void> {
  const sql = row
    ? 'UPDATE login_brakes SET failures = ?, changed_at = ?, open_at = ? WHERE subject = ?'
    : 'INSERT INTO login_brakes (failures, changed_at, open_at, subject) VALUES (?, ?, ?, ?)';
  yield* affect(sql, [failures, changedAt, openAt, subject]);
}

function ago(now: Date, ms: number): Date {
  return new Date(now.getTime() - ms);
}

function msOf(instant: Date | number): number {
  return new Date(instant).getTime();
}
