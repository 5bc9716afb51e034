import type { FileOutcome, Lease, TaskFile } from '@app/tasks';
import type { SqliteDatabase } from './sqlite-database.js';

const HELD = `SELECT id FROM tasks WHERE id = ? AND status = 'PROCESSING' AND attempt = ?`;
const KEY_OF = 'SELECT storage_key AS storageKey FROM task_files WHERE task_id = ? AND name = ?';
const PUT = `INSERT INTO task_files (task_id, name, media_type, size, sha256, storage_key, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (task_id, name) DO UPDATE SET media_type = excluded.media_type, size = excluded.size, sha256 = excluded.sha256,
  storage_key = excluded.storage_key, created_at = excluded.created_at`;

export function keepFile(db: SqliteDatabase, now: number, lease: Lease, file: Omit<TaskFile, 'createdAt'>): FileOutcome {
  const { id, attempt } = lease;
  if (db.rows(HELD, [id, attempt]).length === 0) return { kept: false };
  const [before] = db.rows<{ storageKey: string }>(KEY_OF, [id, file.name]);
  db.affect(PUT, [id, file.name, file.mediaType, file.size, file.sha256, file.storageKey, now]);
  return { kept: true, replaced: before?.storageKey ?? null };
}
