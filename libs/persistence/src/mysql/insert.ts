import { randomUUID } from 'node:crypto';
import type { KeyedInsert, KeyedOutcome, NewTask } from '@app/tasks';
import { marks, type Statements } from './statements.js';

const COLUMNS = `id, type, title, description, status, priority, payload, metadata, tags, max_attempts,
  timeout_seconds, retry_first_delay_seconds, retry_max_delay_seconds, callback_url, callback_format, notify_email, retry_of, schedule_id,
  created_at, updated_at, run_at, announce_at`;

const FIXED = `?, ?, ?, ?, 'PENDING', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3)`;
const ROW_DUE_IN = `${FIXED}, UTC_TIMESTAMP(3) + INTERVAL ? MICROSECOND, UTC_TIMESTAMP(3) + INTERVAL ? MICROSECOND`;
const ROW_DUE_AT = `${FIXED}, ?, IF(? > UTC_TIMESTAMP(3), ?, UTC_TIMESTAMP(3) + INTERVAL ? MICROSECOND)`;

// Takes over a key that has run out, and leaves every other one alone. Assignments run from left to right, so expires_at, which
// all of them test, comes last. VALUES() is the only way to name the new row that both servers know.
const INSERT_KEYS = `INSERT INTO idempotency_keys (idempotency_key, fingerprint, answer, token, expires_at) VALUES `;
const TAKE_OVER = ` ON DUPLICATE KEY UPDATE
  fingerprint = IF(expires_at <= UTC_TIMESTAMP(3), VALUES(fingerprint), fingerprint),
  answer = IF(expires_at <= UTC_TIMESTAMP(3), VALUES(answer), answer),
  token = IF(expires_at <= UTC_TIMESTAMP(3), VALUES(token), token),
  expires_at = IF(expires_at <= UTC_TIMESTAMP(3), VALUES(expires_at), expires_at)`;

/** True if {@link insertTasks} needs more than one statement, so that only a transaction makes it all or none. */
export function needsMoreThanOne(tasks: readonly NewTask[]): boolean {
  return tasks.some(({ tags, scheduleId }) => tags.length > 0 || scheduleId !== null);
}

export async function insertTasks(statements: Statements, tasks: readonly NewTask[], announceAgainMs: number): Promise<void> {
  if (tasks.length === 0) return;
  await insertRows(statements, tasks, announceAgainMs);
  const tags = tasks.flatMap(({ id, tags }) => [...new Set(tags)].map((tag) => [tag, id]));
  if (tags.length > 0)
    await statements.affect(`INSERT INTO task_tags (tag, task_id) VALUES ${marks(tags, '(?, ?)')}`, tags.flat());

  const scheduled = tasks.filter(({ scheduleId }) => scheduleId !== null).map(({ id, scheduleId }) => [scheduleId, id]);
  if (scheduled.length > 0)
    await statements.affect(
      `INSERT INTO schedule_tasks (schedule_id, task_id) VALUES ${marks(scheduled, '(?, ?)')}`,
      scheduled.flat(),
    );
}

async function insertRows(
  statements: Statements,
  tasks: readonly NewTask[],
  announceAgainMs: number,
  onDuplicate = '',
): Promise<void> {
  const rows: string[] = [];
  const params: unknown[] = [];
  // Few tasks are traced; the others need not carry the column to the server.
  const traced = tasks.some(({ traceparent }) => traceparent !== undefined);
  for (const task of tasks) {
    const row = 'at' in task.due ? ROW_DUE_AT : ROW_DUE_IN;
    rows.push(traced ? `(${row}, ?)` : `(${row})`);
    params.push(task.id, task.type, task.title, task.description, task.priority, task.payload, task.metadata);
    params.push(JSON.stringify(task.tags), task.maxAttempts, task.timeoutSeconds);
    params.push(task.retry.firstDelaySeconds, task.retry.maxDelaySeconds);
    params.push(task.callbackUrl, task.callbackFormat, task.notifyEmail, task.retryOf, task.scheduleId);
    params.push(...times(task.due, announceAgainMs));
    if (traced) params.push(task.traceparent ?? null);
  }
  const columns = traced ? `${COLUMNS}, traceparent` : COLUMNS;
  await statements.affect(`INSERT INTO tasks (${columns}) VALUES ${rows.join(', ')}${onDuplicate}`, params);
}

/** Inserts tasks without tags; those that are there already are left alone. */
export async function insertMissing(statements: Statements, tasks: readonly NewTask[], announceAgainMs: number): Promise<void> {
  if (tasks.length > 0) await insertRows(statements, tasks, announceAgainMs, ' ON DUPLICATE KEY UPDATE id = tasks.id');
}

/** Commits each submission whose key is free; to be run in a transaction. */
export async function insertOnce(
  statements: Statements,
  submissions: readonly KeyedInsert[],
  announceAgainMs: number,
): Promise<KeyedOutcome[]> {
  const first = new Map<string, { submission: KeyedInsert; token: string }>();
  for (const submission of submissions) {
    if (!first.has(submission.key)) first.set(submission.key, { submission, token: randomUUID() });
  }
  // In one order everywhere, so that two such transactions never wait for each other.
  const keys = [...first.keys()].sort();
  await statements.affect(
    INSERT_KEYS + marks(keys, '(?, ?, ?, ?, UTC_TIMESTAMP(3) + INTERVAL ? MICROSECOND)') + TAKE_OVER,
    keys.flatMap((key) => {
      const { submission, token } = first.get(key)!;
      return [key, submission.fingerprint, submission.answer, token, submission.keepMs * 1000];
    }),
  );
  const kept = await statements.rows<{ key: string; fingerprint: string; answer: string; token: string }>(
    `SELECT CONVERT(idempotency_key USING utf8mb4) AS \`key\`, fingerprint, answer, token
     FROM idempotency_keys WHERE idempotency_key IN (${marks(keys)})`,
    keys,
  );
  const byKey = new Map(kept.map((row) => [row.key, row]));

  const outcomes = submissions.map((submission): KeyedOutcome => {
    const row = byKey.get(submission.key)!;
    const mine = first.get(submission.key)!;
    if (mine.submission === submission && row.token === mine.token) return { inserted: true };
    return { inserted: false, fingerprint: row.fingerprint, answer: row.answer };
  });
  const winners = submissions.filter((_, index) => outcomes[index]!.inserted);
  await insertTasks(
    statements,
    winners.flatMap(({ tasks }) => tasks),
    announceAgainMs,
  );
  return outcomes;
}

/** The values of run_at and announce_at. */
function times(due: NewTask['due'], announceAgainMs: number): unknown[] {
  if ('at' in due) return [due.at, due.at, due.at, announceAgainMs * 1000];
  return [due.inMs * 1000, (due.inMs > 0 ? due.inMs : announceAgainMs) * 1000];
}
