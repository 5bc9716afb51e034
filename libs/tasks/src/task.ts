export const PRIORITIES = ['low', 'normal', 'high'] as const;
export type Priority = (typeof PRIORITIES)[number];

export const STATUSES = ['PENDING', 'PROCESSING', 'COMPLETED', 'FAILED', 'CANCELLED'] as const;
export type TaskStatus = (typeof STATUSES)[number];

export const FINAL_STATUSES = ['COMPLETED', 'FAILED', 'CANCELLED'] as const;
export type FinalStatus = (typeof FINAL_STATUSES)[number];

/** True for a status that never changes again. */
export function isFinal(status: TaskStatus): status is FinalStatus {
  return (FINAL_STATUSES as readonly TaskStatus[]).includes(status);
}

/** Why an attempt did not end well: the handler threw, ran too long, died with its worker, refused the task for good, or was cancelled. */
export type FailureKind = 'error' | 'timeout' | 'crash' | 'rejected' | 'cancelled';

/** The reason of a failure as the client sees it in `error`. */
export interface Failure {
  kind: FailureKind;
  message: string;
  /** The attempt that failed; 0 when the task never ran. */
  attempt: number;
}

/** How far an attempt is, as its handler says. */
export interface Progress {
  current: number;
  /** What `current` leads up to; null when that is not known. */
  total: number | null;
  message: string | null;
}

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The waits between failed attempts, in seconds; null means the type's. */
export interface RetryDelays {
  /** The wait after the first failure; it doubles with every further one. */
  firstDelaySeconds: number | null;
  /** No wait is longer, whatever asks for it. */
  maxDelaySeconds: number | null;
}

/** Text that is known to be JSON. Stores keep it as it is, so a value comes back exactly as it was given. */
export type JsonText = string;

/** One piece of work a client asked for: one row in `tasks`. */
export interface Task {
  /** UUIDv7: sorts by the time of submission. */
  id: string;
  type: string;
  title: string;
  description: string | null;
  status: TaskStatus;
  priority: Priority;
  /** What the handler works on. The client's JSON value; null when none was given. */
  payload: unknown;
  /** The client's own notes, never read by Taskwell. */
  metadata: unknown;
  /** What the handler returned. Null until COMPLETED. */
  result: unknown;
  /** The latest failure; stays on the row while the task waits for its next attempt, and goes when the task completes. */
  error: Failure | null;
  /** What the latest attempt said last of how far it is; null if it said nothing. */
  progress: Progress | null;
  tags: string[];
  /** Number of the latest attempt, 0 before the first. Grows with every claim and never shrinks: it is the fencing token. */
  attempt: number;
  /** How many attempts may fail before the task does. */
  maxAttempts: number;
  /** Attempts that the handler failed. Crashes and hand-backs do not count. */
  failures: number;
  /** Attempts whose worker went away with the task in its hands. */
  crashes: number;
  /** The task's own limit for one attempt; null means the type's. */
  timeoutSeconds: number | null;
  retry: RetryDelays;
  /** Not before this instant. */
  runAt: Date;
  /** End of the lease of the running attempt; null unless PROCESSING. */
  leaseUntil: Date | null;
  /** The worker that holds the task, or ended it; null while PENDING. */
  workerId: string | null;
  callbackUrl: string | null;
  /** The form of the callback's body; null means the usual one. */
  callbackFormat: string | null;
  /** Whom to tell by mail when the task fails for good. */
  notifyEmail: string | null;
  /** The task that this one repeats at a client's wish. */
  retryOf: string | null;
  /** The schedule that made the task. */
  scheduleId: string | null;
  createdAt: Date;
  /** When the latest attempt began. */
  startedAt: Date | null;
  updatedAt: Date;
  /** When the task reached its final status. */
  completedAt: Date | null;
}

/** A task as it is granted to a worker: what it takes to run the attempt and to settle it. */
export type ClaimedTask = Pick<
  Task,
  | 'id'
  | 'type'
  | 'priority'
  | 'payload'
  | 'attempt'
  | 'maxAttempts'
  | 'failures'
  | 'crashes'
  | 'timeoutSeconds'
  | 'retry'
  | 'callbackUrl'
  | 'callbackFormat'
> & {
  status: 'PROCESSING';
  startedAt: Date;
  /** How long it had been due by then. */
  waitedMs: number;
  /** The trace that it belongs to (W3C Trace Context); null if nobody follows it. */
  traceparent: string | null;
};

/** What a submission becomes: everything of the row that the client decides. The store adds status and times. */
export interface NewTask {
  id: string;
  type: string;
  title: string;
  description: string | null;
  priority: Priority;
  payload: JsonText | null;
  metadata: JsonText | null;
  tags: readonly string[];
  maxAttempts: number;
  timeoutSeconds: number | null;
  retry: RetryDelays;
  /** When it is due: at an instant, or so many milliseconds after the insert by the database's clock (0: now). */
  due: { at: Date } | { inMs: number };
  callbackUrl: string | null;
  callbackFormat: string | null;
  notifyEmail: string | null;
  retryOf: string | null;
  scheduleId: string | null;
  /** The trace that it belongs to; absent if nobody follows it. */
  traceparent?: string;
}

/** A past attempt that did not complete the task. */
export interface PastAttempt {
  attempt: number;
  workerId: string | null;
  startedAt: Date | null;
  endedAt: Date;
  error: Failure;
}

/** One line of a task's log. */
export interface LogLine {
  attempt: number;
  /** Its number within the attempt, from 1. */
  line: number;
  level: LogLevel;
  message: string;
  at: Date;
}

/** A file that a task keeps. Its bytes are in the file storage. */
export interface TaskFile {
  name: string;
  mediaType: string;
  /** In bytes. */
  size: number;
  sha256: string;
  storageKey: string;
  createdAt: Date;
}

/** The message "task X is due". It carries the id, never the payload. */
export interface Announcement {
  id: string;
  priority: Priority;
}

/** The right to work on one attempt of a task. */
export interface Lease {
  id: string;
  attempt: number;
}
