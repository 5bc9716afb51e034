import type { FileOutcome, Lease, TaskFile } from '@app/tasks';
import type { Statements } from './statements.js';

/** Notes a file of a task; to be run in a transaction. */
export async function keepFile(
  statements: Statements,
  { id, attempt }: Lease,
  file: Omit<TaskFile, 'createdAt'>,
): Promise<FileOutcome> {
  const held = await statements.rows(
    `SELECT id FROM tasks FORCE INDEX (PRIMARY) WHERE id = ? AND status = 'PROCESSING' AND attempt = ? FOR UPDATE`,
    [id, attempt],
  );
  if (held.length === 0) return { kept: false };
  const [before] = await statements.rows<{ storageKey: string }>(
    'SELECT storage_key AS storageKey FROM task_files WHERE task_id = ? AND name = ?',
    [id, file.name],
  );
  await statements.affect(
    `INSERT INTO task_files (task_id, name, media_type, size, sha256, storage_key, created_at)
     VALUES (?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(3))
     ON DUPLICATE KEY UPDATE media_type = VALUES(media_type), size = VALUES(size), sha256 = VALUES(sha256),
       storage_key = VALUES(storage_key), created_at = VALUES(created_at)`,
    [id, file.name, file.mediaType, file.size, file.sha256, file.storageKey],
  );
  return { kept: true, replaced: before?.storageKey ?? null };
}
