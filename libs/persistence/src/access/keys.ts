import type { ApiKey, AuditEntry, NewApiKey, Scope } from '@app/access';
import { note, turn } from './audit.js';
import { affect, rows, type Work } from '../shared/work.js';

const MOST_KEYS = 1_000;

const COLUMNS = `id, name, prefix, scopes, types, expires_at AS expiresAt, rate_limit AS rateLimit,
  created_at AS createdAt, last_used_at AS lastUsedAt`;

interface KeyRow {
  id: string;
  name: string;
  prefix: string;
  scopes: string;
  types: string | null;
  expiresAt: Date | number | null;
  rateLimit: number | null;
  createdAt: Date | number;
  lastUsedAt: Date | number | null;
}

export function* keys(): Work<ApiKey[]> {
  return (yield* rows<KeyRow>(`SELECT ${COLUMNS} FROM api_keys ORDER BY created_at DESC, id LIMIT ?`, [MOST_KEYS])).map(toKey);
}

export function* keyByHash(now: Date, keyHash: string): Work<ApiKey | null> {
  const sql = `SELECT ${COLUMNS} FROM api_keys WHERE key_hash = ? AND (expires_at IS NULL OR expires_at > ?)`;
  const [row] = yield* rows<KeyRow>(sql, [keyHash, now]);
  return row ? toKey(row) : null;
}

export function* insertKey(now: Date, key: NewApiKey, entry: AuditEntry): Work<void> {
  yield* turn();
  yield* affect(
    `INSERT INTO api_keys (id, name, prefix, key_hash, scopes, types, expires_at, rate_limit, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      key.id,
      key.name,
      key.prefix,
      key.keyHash,
      JSON.stringify(key.scopes),
      key.types && JSON.stringify(key.types),
      key.expiresAt,
      key.rateLimit,
      now,
    ],
  );
  yield* note(now, [entry]);
}

export function* deleteKey(now: Date, id: string, entry: AuditEntry): Work<boolean> {
  yield* turn();
  if ((yield* affect('DELETE FROM api_keys WHERE id = ?', [id])) === 0) return false;
  yield* note(now, [entry]);
  return true;
}

export function* touchKey(now: Date, id: string): Work<void> {
  yield* affect('UPDATE api_keys SET last_used_at = ? WHERE id = ?', [now, id]);
}

function toKey(row: KeyRow): ApiKey {
  return {
    ...row,
    scopes: JSON.parse(row.scopes) as Scope[],
    types: row.types === null ? null : (JSON.parse(row.types) as string[]),
    expiresAt: row.expiresAt === null ? null : new Date(row.expiresAt),
    createdAt: new Date(row.createdAt),
    lastUsedAt: row.lastUsedAt === null ? null : new Date(row.lastUsedAt),
  };
}
