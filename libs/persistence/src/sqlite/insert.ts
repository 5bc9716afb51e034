import type { JsonText, KeyedInsert, KeyedOutcome, NewTask } from '@app/tasks';
import type { SqliteDatabase } from './sqlite-database.js';

// One statement for a whole batch: a value that is bound by itself costs more than one that SQLite takes out of JSON.
const INSERT_ORDINARY = `INSERT INTO tasks (id, type, title, description, status, priority, payload, metadata, tags, max_attempts,
  run_at, announce_at, created_at, updated_at)
  SELECT value->>0, value->>1, value->>2, value->>3, 'PENDING', value->>4, value->>5, value->>6, '[]', value->>7, ?2, ?3, ?2, ?2
  FROM json_each(?1)`;

const INSERT_TASK = `INSERT INTO tasks (id, type, title, description, status, priority, payload, metadata, tags, max_attempts,
  timeout_seconds, retry_first_delay_seconds, retry_max_delay_seconds, callback_url, callback_format, notify_email, retry_of, schedule_id,
  traceparent, run_at, announce_at, created_at, updated_at)
  VALUES (?, ?, ?, ?, 'PENDING', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

// Takes over a key that has run out, and leaves every other one alone.
const INSERT_KEY = `INSERT INTO idempotency_keys (idempotency_key, fingerprint, answer, expires_at) VALUES (?, ?, ?, ?)
  ON CONFLICT (idempotency_key) DO UPDATE SET fingerprint = excluded.fingerprint, answer = excluded.answer, expires_at = excluded.expires_at
  WHERE idempotency_keys.expires_at <= ?`;

/** SQLite copies texts out of JSON once for every column that it takes from beside them, so longer ones are bound by themselves. */
export const SHORT = 4_000;

/** Tasks as they travel to the thread: a text is copied from thread to thread in no time, a list in a third of that of an object. */
export interface PackedTasks {
  /** Those that are due now, short, and wish for nothing out of the ordinary: lists of the values of INSERT_ORDINARY. Null if there are none. */
  ordinary: JsonText | null;
  others: readonly PackedTask[];
}

type PackedTask = readonly [
  columns: readonly (string | number | null)[],
  due: number,
  dueIsInstant: boolean,
  tags: readonly string[],
  scheduleId: string | null,
];

export function pack(tasks: readonly NewTask[]): PackedTasks {
  const ordinary: unknown[][] = [];
  const others: PackedTask[] = [];
  for (const task of tasks) {
    if (isOrdinary(task)) {
      const { id, type, title, description, priority, payload, metadata, maxAttempts } = task;
      ordinary.push([id, type, title, description, priority, payload, metadata, maxAttempts]);
    } else others.push(packed(task));
  }
  return { ordinary: ordinary.length > 0 ? JSON.stringify(ordinary) : null, others };
}

function isOrdinary(task: NewTask): boolean {
  const { due, tags, retry } = task;
  return (
    'inMs' in due &&
    due.inMs <= 0 &&
    tags.length === 0 &&
    task.timeoutSeconds === null &&
    retry.firstDelaySeconds === null &&
    retry.maxDelaySeconds === null &&
    task.callbackUrl === null &&
    task.callbackFormat === null &&
    task.notifyEmail === null &&
    task.retryOf === null &&
    task.scheduleId === null &&
    task.traceparent === undefined &&
    length(task.description) + length(task.payload) + length(task.metadata) <= SHORT
  );
}

function length(text: string | null): number {
  return text === null ? 0 : text.length;
}

function packed(task: NewTask): PackedTask {
  const { due, tags, scheduleId } = task;
  const columns = [
    task.id,
    task.type,
    task.title,
    task.description,
    task.priority,
    task.payload,
    task.metadata,
    JSON.stringify(tags),
    task.maxAttempts,
    task.timeoutSeconds,
    task.retry.firstDelaySeconds,
    task.retry.maxDelaySeconds,
    task.callbackUrl,
    task.callbackFormat,
    task.notifyEmail,
    task.retryOf,
    task.scheduleId,
    task.traceparent ?? null,
  ];
  return 'at' in due ? [columns, due.at.getTime(), true, tags, scheduleId] : [columns, due.inMs, false, tags, scheduleId];
}

export function insertTasks(db: SqliteDatabase, now: number, tasks: PackedTasks, announceAgainMs: number): void {
  if (tasks.ordinary !== null) db.affect(INSERT_ORDINARY, [tasks.ordinary, now, now + announceAgainMs]);
  for (const [columns, due, dueIsInstant, tags, scheduleId] of tasks.others) {
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
    insertTasks(db, now, pack(tasks), announceAgainMs);
    return { inserted: true };
  }
  const [first] = db.rows<{ fingerprint: string; answer: string }>(
    'SELECT fingerprint, answer FROM idempotency_keys WHERE idempotency_key = ?',
    [key],
  );
  return { inserted: false, fingerprint: first!.fingerprint, answer: first!.answer };
}
