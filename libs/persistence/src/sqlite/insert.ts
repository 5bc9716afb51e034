import type { KeyedInsert, KeyedOutcome, NewTask } from '@app/tasks';
import type { SqliteDatabase } from './sqlite-database.js';

const INSERT_TASK = `INSERT INTO tasks (id, type, title, description, status, priority, payload, metadata, tags, max_attempts,
  timeout_seconds, retry_first_delay_seconds, retry_max_delay_seconds, callback_url, callback_format, notify_email, retry_of, schedule_id,
  run_at, announce_at, created_at, updated_at)
  VALUES (?, ?, ?, ?, 'PENDING', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

// Takes over a key that has run out, and leaves every other one alone.
const INSERT_KEY = `INSERT INTO idempotency_keys (idempotency_key, fingerprint, answer, expires_at) VALUES (?, ?, ?, ?)
  ON CONFLICT (idempotency_key) DO UPDATE SET fingerprint = excluded.fingerprint, answer = excluded.answer, expires_at = excluded.expires_at
  WHERE idempotency_keys.expires_at <= ?`;

/** A task as it travels to the thread: a list is copied from thread to thread in a third of the time of an object. */
export type PackedTask = readonly [
  columns: readonly (string | number | null)[],
  due: number,
  dueIsInstant: boolean,
  tags: readonly string[],
  scheduleId: string | null,
];

export function pack(task: NewTask): PackedTask {
  const { due, tags, scheduleId } = task;
  const columns = [
    task.id,
    task.type,
    task.title,
    task.description,
    task.priority,
    task.payload,
    task.metadata,
    tags.length === 0 ? '[]' : JSON.stringify(tags),
    task.maxAttempts,
    task.timeoutSeconds,
    task.retry.firstDelaySeconds,
    task.retry.maxDelaySeconds,
    task.callbackUrl,
    task.callbackFormat,
    task.notifyEmail,
    task.retryOf,
    task.scheduleId,
  ];
  return 'at' in due ? [columns, due.at.getTime(), true, tags, scheduleId] : [columns, due.inMs, false, tags, scheduleId];
}

export function insertTasks(db: SqliteDatabase, now: number, tasks: readonly PackedTask[], announceAgainMs: number): void {
  for (const [columns, due, dueIsInstant, tags, scheduleId] of tasks) {
    const runAt = dueIsInstant ? due : now + due;
    const announceAt = runAt > now ? runAt : now + announceAgainMs;
    db.affect(INSERT_TASK, [...columns, runAt, announceAt, now, now]);
    for (const tag of new Set(tags)) db.affect('INSERT INTO task_tags (tag, task_id) VALUES (?, ?)', [tag, columns[0]]);
    if (scheduleId !== null)
      db.affect('INSERT INTO schedule_tasks (schedule_id, task_id) VALUES (?, ?)', [scheduleId, columns[0]]);
  }
}

export function insertOnce(db: SqliteDatabase, now: number, submission: KeyedInsert, announceAgainMs: number): KeyedOutcome {
  const { key, fingerprint, answer, keepMs, tasks } = submission;
  if (db.affect(INSERT_KEY, [key, fingerprint, answer, now + keepMs, now]) === 1) {
    insertTasks(db, now, tasks.map(pack), announceAgainMs);
    return { inserted: true };
  }
  const [first] = db.rows<{ fingerprint: string; answer: string }>(
    'SELECT fingerprint, answer FROM idempotency_keys WHERE idempotency_key = ?',
    [key],
  );
  return { inserted: false, fingerprint: first!.fingerprint, answer: first!.answer };
}
