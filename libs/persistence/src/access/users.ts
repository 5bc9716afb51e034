import type { AuditEntry, NewUser, Role, User, UserChange } from '@app/access';
import { note, turn } from './audit.js';
import { affect, rows, type Work } from '../shared/work.js';

const MOST_USERS = 1_000;
const SETUP_LINK_MS = 24 * 3_600_000;

/** Select list that gives rows the names of {@link User}. */
export const USER_COLUMNS =
  'users.id AS id, users.name AS name, users.role AS role, users.disabled AS disabled, users.created_at AS createdAt';

export interface UserRow {
  id: string;
  name: string;
  role: Role;
  disabled: number;
  createdAt: Date | number;
}

type UserWithPassword = User & { passwordHash: string };
type Outcome = 'changed' | 'missing' | 'last_admin';

export function toUser<Row extends UserRow>(row: Row): Omit<Row, keyof UserRow> & User {
  return { ...row, disabled: Number(row.disabled) === 1, createdAt: new Date(row.createdAt) };
}

export function* hasAdmin(): Work<boolean> {
  return (yield* rows(`SELECT id FROM users WHERE role = 'admin' AND disabled = 0 LIMIT 1`)).length > 0;
}

export function* users(): Work<User[]> {
  return (yield* rows<UserRow>(`SELECT ${USER_COLUMNS} FROM users ORDER BY name LIMIT ?`, [MOST_USERS])).map(toUser);
}

export function* userBy(_now: Date, column: 'id' | 'name', value: string): Work<UserWithPassword | null> {
  const [row] = yield* rows<UserRow & { passwordHash: string }>(
    `SELECT ${USER_COLUMNS}, users.password_hash AS passwordHash FROM users WHERE users.${column} = ?`,
    [value],
  );
  return row ? toUser(row) : null;
}

export function* addSetupToken(now: Date, tokenHash: string): Work<void> {
  yield* turn();
  yield* affect('DELETE FROM setup_tokens WHERE created_at < ?', [linksSince(now)]);
  yield* affect('INSERT INTO setup_tokens (token_hash, created_at) VALUES (?, ?)', [tokenHash, now]);
}

export function* hasSetupToken(now: Date, tokenHash: string): Work<boolean> {
  const sql = 'SELECT token_hash FROM setup_tokens WHERE token_hash = ? AND created_at >= ?';
  return (yield* rows(sql, [tokenHash, linksSince(now)])).length > 0;
}

export function* makeFirstAdmin(
  now: Date,
  user: NewUser,
  tokenHash: string | null,
  entry: AuditEntry,
): Work<'made' | 'done' | 'unknown' | 'taken'> {
  yield* turn();
  if (yield* hasAdmin()) return 'done';
  if (tokenHash !== null && !(yield* hasSetupToken(now, tokenHash))) return 'unknown';
  if (!(yield* insertUser(now, user, entry))) return 'taken';
  yield* affect('DELETE FROM setup_tokens');
  return 'made';
}

export function* insertUser(now: Date, user: NewUser, entry: AuditEntry): Work<boolean> {
  yield* turn();
  if (yield* userBy(now, 'name', user.name)) return false;
  yield* affect('INSERT INTO users (id, name, role, password_hash, disabled, created_at) VALUES (?, ?, ?, ?, 0, ?)', [
    user.id,
    user.name,
    user.role,
    user.passwordHash,
    now,
  ]);
  yield* note(now, [entry]);
  return true;
}

export function* changeUser(now: Date, id: string, change: UserChange, entry: AuditEntry): Work<Outcome> {
  yield* turn();
  const user = yield* userBy(now, 'id', id);
  if (!user) return 'missing';
  const next = {
    role: change.role ?? user.role,
    disabled: change.disabled ?? user.disabled,
    passwordHash: change.passwordHash ?? user.passwordHash,
  };
  if ((next.role !== 'admin' || next.disabled) && !(yield* hasOtherAdmin(id))) return 'last_admin';
  yield* affect('UPDATE users SET role = ?, disabled = ?, password_hash = ? WHERE id = ?', [
    next.role,
    next.disabled ? 1 : 0,
    next.passwordHash,
    id,
  ]);
  if (next.disabled || change.passwordHash !== undefined) yield* affect('DELETE FROM sessions WHERE user_id = ?', [id]);
  yield* note(now, [entry]);
  return 'changed';
}

export function* deleteUser(now: Date, id: string, entry: AuditEntry): Work<Outcome> {
  yield* turn();
  const user = yield* userBy(now, 'id', id);
  if (!user) return 'missing';
  if (!(yield* hasOtherAdmin(id))) return 'last_admin';
  yield* affect('DELETE FROM sessions WHERE user_id = ?', [id]);
  yield* affect('DELETE FROM users WHERE id = ?', [id]);
  yield* note(now, [entry]);
  return 'changed';
}

/** Also true while there is no admin at all: then nothing can be lost. */
function* hasOtherAdmin(id: string): Work<boolean> {
  const admins = yield* rows<{ id: string }>(`SELECT id FROM users WHERE role = 'admin' AND disabled = 0 LIMIT 2`);
  return admins.length !== 1 || admins[0]!.id !== id;
}

function linksSince(now: Date): Date {
  return new Date(now.getTime() - SETUP_LINK_MS);
}
