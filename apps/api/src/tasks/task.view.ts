import type { Failure, LogLine, PastAttempt, Progress, Task } from '@app/tasks';

/** A task as clients see it. */
export interface TaskView {
  task_id: string;
  type: string;
  title: string;
  description: string | null;
  status: Task['status'];
  priority: Task['priority'];
  payload: unknown;
  metadata: unknown;
  result: unknown;
  error: Failure | null;
  progress: Progress | null;
  tags: string[];
  attempt: number;
  max_attempts: number;
  timeout_seconds: number | null;
  retry: { first_delay_seconds: number | null; max_delay_seconds: number | null };
  run_at: string;
  callback_url: string | null;
  callback_format: string | null;
  retry_of: string | null;
  schedule_id: string | null;
  notify_email: string | null;
  created_at: string;
  started_at: string | null;
  updated_at: string;
  completed_at: string | null;
}

export interface AttemptView {
  attempt: number;
  started_at: string | null;
  ended_at: string;
  error: Failure;
}

export interface LogLineView {
  attempt: number;
  line: number;
  level: LogLine['level'];
  message: string;
  at: string;
}

export function taskView(task: Task): TaskView {
  return {
    task_id: task.id,
    type: task.type,
    title: task.title,
    description: task.description,
    status: task.status,
    priority: task.priority,
    payload: task.payload,
    metadata: task.metadata,
    result: task.result,
    error: task.error && failureView(task.error),
    progress: task.progress && progressView(task.progress),
    tags: task.tags,
    attempt: task.attempt,
    max_attempts: task.maxAttempts,
    timeout_seconds: task.timeoutSeconds,
    retry: { first_delay_seconds: task.retry.firstDelaySeconds, max_delay_seconds: task.retry.maxDelaySeconds },
    run_at: task.runAt.toISOString(),
    callback_url: task.callbackUrl,
    callback_format: task.callbackUrl === null ? null : (task.callbackFormat ?? 'event'),
    retry_of: task.retryOf,
    schedule_id: task.scheduleId,
    notify_email: task.notifyEmail,
    created_at: task.createdAt.toISOString(),
    started_at: instant(task.startedAt),
    updated_at: task.updatedAt.toISOString(),
    completed_at: instant(task.completedAt),
  };
}

export function attemptView({ attempt, startedAt, endedAt, error }: PastAttempt): AttemptView {
  return { attempt, started_at: instant(startedAt), ended_at: endedAt.toISOString(), error: failureView(error) };
}

export function logLineView({ attempt, line, level, message, at }: LogLine): LogLineView {
  return { attempt, line, level, message, at: at.toISOString() };
}

function progressView({ current, total, message }: Progress): Progress {
  return { current, total, message };
}

function failureView({ kind, message, attempt }: Failure): Failure {
  return { kind, message, attempt };
}

function instant(at: Date | null): string | null {
  return at && at.toISOString();
}
