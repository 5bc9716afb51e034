import type { Failure, LogLevel, LogLine, PastAttempt, Priority, Progress, Task, TaskFile, TaskStatus } from '@app/tasks';

/** Select list that gives rows of `tasks` the names of {@link Task}; it ends in no comma. */
export const TASK_COLUMNS = `
  tasks.id AS id, tasks.type AS type, tasks.title AS title, tasks.description AS description, tasks.status AS status,
  tasks.priority AS priority, tasks.payload AS payload, tasks.metadata AS metadata, tasks.result AS result, tasks.error AS error,
  tasks.progress AS progress, tasks.tags AS tags, tasks.attempt AS attempt, tasks.max_attempts AS maxAttempts,
  tasks.failures AS failures, tasks.crashes AS crashes, tasks.timeout_seconds AS timeoutSeconds,
  tasks.retry_first_delay_seconds AS firstDelaySeconds, tasks.retry_max_delay_seconds AS maxDelaySeconds, tasks.run_at AS runAt,
  tasks.lease_until AS leaseUntil, tasks.worker_id AS workerId, tasks.callback_url AS callbackUrl,
  tasks.callback_format AS callbackFormat, tasks.notify_email AS notifyEmail, tasks.retry_of AS retryOf, tasks.schedule_id AS scheduleId,
  tasks.created_at AS createdAt, tasks.started_at AS startedAt, tasks.updated_at AS updatedAt, tasks.completed_at AS completedAt`;

/** The length of a row's large columns, in bytes or characters, whichever the database counts. */
export const TASK_BYTES = ['description', 'payload', 'metadata', 'result', 'error', 'progress']
  .map((column) => `COALESCE(LENGTH(tasks.${column}), 0)`)
  .join(' + ');

/** An instant as the driver gives it: a Date from MySQL, milliseconds from SQLite. */
export type StoredInstant = Date | number;

/** A row of `tasks` read with {@link TASK_COLUMNS}. JSON values are still text. */
export interface TaskRow {
  id: string;
  type: string;
  title: string;
  description: string | null;
  status: TaskStatus;
  priority: Priority;
  payload: string | null;
  metadata: string | null;
  result: string | null;
  error: string | null;
  progress: string | null;
  tags: string;
  attempt: number;
  maxAttempts: number;
  failures: number;
  crashes: number;
  timeoutSeconds: number | null;
  firstDelaySeconds: number | null;
  maxDelaySeconds: number | null;
  runAt: StoredInstant;
  leaseUntil: StoredInstant | null;
  workerId: string | null;
  callbackUrl: string | null;
  callbackFormat: string | null;
  notifyEmail: string | null;
  retryOf: string | null;
  scheduleId: string | null;
  createdAt: StoredInstant;
  startedAt: StoredInstant | null;
  updatedAt: StoredInstant;
  completedAt: StoredInstant | null;
}

/** A row of `task_attempts`, columns named as in {@link PastAttempt}. */
export interface AttemptRow {
  attempt: number;
  workerId: string | null;
  startedAt: StoredInstant | null;
  endedAt: StoredInstant;
  error: string;
}

/** A row of `task_logs`, columns named as in {@link LogLine}. */
export interface LogRow {
  attempt: number;
  line: number;
  level: LogLevel;
  message: string;
  at: StoredInstant;
}

/** The domain's view of a row. */
export function toTask(row: TaskRow): Task {
  return {
    id: row.id,
    type: row.type,
    title: row.title,
    description: row.description,
    status: row.status,
    priority: row.priority,
    payload: parse(row.payload),
    metadata: parse(row.metadata),
    result: parse(row.result),
    error: parse(row.error) as Failure | null,
    progress: parse(row.progress) as Progress | null,
    tags: JSON.parse(row.tags) as string[],
    attempt: row.attempt,
    maxAttempts: row.maxAttempts,
    failures: row.failures,
    crashes: row.crashes,
    timeoutSeconds: row.timeoutSeconds,
    retry: { firstDelaySeconds: row.firstDelaySeconds, maxDelaySeconds: row.maxDelaySeconds },
    runAt: new Date(row.runAt),
    leaseUntil: instant(row.leaseUntil),
    workerId: row.workerId,
    callbackUrl: row.callbackUrl,
    callbackFormat: row.callbackFormat,
    notifyEmail: row.notifyEmail,
    retryOf: row.retryOf,
    scheduleId: row.scheduleId,
    createdAt: new Date(row.createdAt),
    startedAt: instant(row.startedAt),
    updatedAt: new Date(row.updatedAt),
    completedAt: instant(row.completedAt),
  };
}

/** The domain's view of a past attempt. */
export function toPastAttempt(row: AttemptRow): PastAttempt {
  return {
    attempt: row.attempt,
    workerId: row.workerId,
    startedAt: instant(row.startedAt),
    endedAt: new Date(row.endedAt),
    error: JSON.parse(row.error) as Failure,
  };
}

/** The domain's view of a line of a log. */
export function toLogLine(row: LogRow): LogLine {
  return { attempt: row.attempt, line: row.line, level: row.level, message: row.message, at: new Date(row.at) };
}

/** A row of `task_files`, columns named as in {@link TaskFile}. */
export type FileRow = Omit<TaskFile, 'createdAt'> & { createdAt: StoredInstant };

/** The domain's view of a file. */
export function toTaskFile(row: FileRow): TaskFile {
  return { ...row, size: Number(row.size), createdAt: new Date(row.createdAt) };
}

function parse(json: string | null): unknown {
  return json === null ? null : JSON.parse(json);
}

function instant(value: StoredInstant | null): Date | null {
  return value === null ? null : new Date(value);
}
