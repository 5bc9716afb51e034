import type { Transition } from './lifecycle.js';
import type {
  Announcement,
  ClaimedTask,
  JsonText,
  Lease,
  LogLevel,
  LogLine,
  NewTask,
  PastAttempt,
  Priority,
  Task,
  TaskFile,
  TaskStatus,
} from './task.js';

/** A submission that carries an idempotency key: its tasks are inserted once, however often it comes. */
export interface KeyedInsert {
  key: string;
  /** Hash of the request; a second request with the same key must have the same one. */
  fingerprint: string;
  tasks: readonly NewTask[];
  /** What the first request is answered, and every repetition. */
  answer: JsonText;
  /** How long the key is kept, by the database's clock. */
  keepMs: number;
}

/** Either our tasks were inserted, or an earlier request had the key: this is what it was. */
export type KeyedOutcome = { inserted: true } | { inserted: false; fingerprint: string; answer: JsonText };

export interface ClaimTerms {
  workerId: string;
  leaseMs: number;
  /** Only tasks of these types are claimed. */
  types: readonly string[];
}

export interface TaskFilter {
  statuses?: readonly TaskStatus[];
  type?: string;
  /** Types to leave out. */
  notTypes?: readonly string[];
  tag?: string;
  /** Only tasks that this schedule made. */
  schedule?: string;
  createdAfter?: Date;
  createdBefore?: Date;
  /** Text that occurs in title, description, payload, result or error, whatever the case. */
  q?: string;
}

export interface TaskPage {
  tasks: Task[];
  /** Ask again with this as `before` for older tasks; null at the end. A page may be shorter than asked, even empty, and still have a next one. */
  next: string | null;
}

/** What a running attempt has to say about itself. */
export interface Report {
  lease: Lease;
  /** Takes the place of the progress on the row; it stays as it is if left out. */
  progress?: JsonText;
  /** A line with a number that the attempt has already is a repetition, and is not kept again. */
  lines: readonly { line: number; level: LogLevel; message: string; agoMs: number }[];
}

/** The place of a line in a task's log. */
export type LinePosition = Pick<LogLine, 'attempt' | 'line'>;

/** Most lines that are kept of one task. */
export const MAX_TASK_LINES = 2_000;

/** Whether a file was noted, and the key of the content whose place it took. */
export type FileOutcome = { kept: true; replaced: string | null } | { kept: false };

/** A PENDING row whose announcement is due. */
export interface DueTask extends Announcement {
  /** True if it was never announced as far as the row knows: a delay, a retry or a hand-back came due just now. */
  fresh: boolean;
}

/**
 * Keeps tasks. Every method is one short unit of work against the database, and either has been committed when it resolves or
 * rejects with {@link StoreUnavailable} within the configured deadline. All comparisons of time use the database's clock.
 */
export abstract class TaskStore {
  /** Commits the tasks as PENDING, all or none. Tasks due now must be announced again after `announceAgainMs` if nobody claims them. */
  abstract insert(tasks: readonly NewTask[], announceAgainMs: number): Promise<void>;

  /** Commits each submission whose key is free together with its key; the outcomes are in the order of the submissions. */
  abstract insertOnce(submissions: readonly KeyedInsert[], announceAgainMs: number): Promise<KeyedOutcome[]>;

  /**
   * Grants the next attempt of each task that is PENDING and due. Answers the granted ones with their new
   * attempt number; also those of `ids` on which `workerId` has a live lease already, because an earlier answer may have been lost.
   * A row that is locked is not waited for long: it is left out.
   */
  abstract claim(ids: readonly string[], terms: ClaimTerms): Promise<ClaimedTask[]>;

  /** Those of `ids` that are PENDING and due all the same: a claim left them alone for their type, or because their rows are locked. */
  abstract unclaimed(ids: readonly string[]): Promise<Task[]>;

  /** Prolongs the leases that are still held; answers which these are. */
  abstract renew(leases: readonly Lease[], leaseMs: number): Promise<Lease[]>;

  /** Which of the leases are still held, without prolonging them. */
  abstract held(leases: readonly Lease[]): Promise<Lease[]>;

  /**
   * Applies each transition by one guarded write; answers for each, in order, whether it landed. Completing the same attempt
   * again counts as landed, because an earlier answer may have been lost. A task that completes has no `error` any more. What follows from a transition
   * is inserted together with it, once.
   */
  abstract settle(transitions: readonly Transition[]): Promise<boolean[]>;

  abstract find(id: string): Promise<Task | null>;

  /** Which of the ids have reached a final status. */
  abstract finished(ids: readonly string[]): Promise<string[]>;

  /** Newest first. `before` is a page's `next`. */
  abstract list(filter: TaskFilter, page: { size: number; before?: string }): Promise<TaskPage>;

  /** The task's attempts that did not complete it, oldest first. */
  abstract pastAttempts(id: string): Promise<PastAttempt[]>;

  /** Keeps what attempts say that still hold their lease; of a task no more than {@link MAX_TASK_LINES} lines. */
  abstract report(reports: readonly Report[]): Promise<void>;

  /** Lines of the task's log, oldest first, `after` a line if one is given. */
  abstract logs(id: string, page: { size: number; after?: LinePosition }): Promise<LogLine[]>;

  /** Notes a file of the task, in place of one with the same name; nothing if the lease is not held any more. */
  abstract keepFile(lease: Lease, file: Omit<TaskFile, 'createdAt'>): Promise<FileOutcome>;

  /** The task's files by name. */
  abstract files(id: string): Promise<TaskFile[]>;

  /** PROCESSING tasks whose lease has run out, oldest first. */
  abstract expired(limit: number): Promise<Task[]>;

  /** PENDING tasks that are due and whose announcement is, or will be within `aheadMs`; oldest first. */
  abstract due(limit: number, aheadMs?: number): Promise<DueTask[]>;

  /** PENDING tasks of a class that are parked (see {@link park}), oldest first. */
  abstract parked(priority: Priority, limit: number): Promise<Announcement[]>;

  /** Those of `ids` that are still PENDING need no announcement for the next `againInMs`. */
  abstract markAnnounced(ids: readonly string[], againInMs: number): Promise<void>;

  /** Those of `ids` that are still PENDING are believed to wait in a long queue: not due for announcement until asked for by {@link parked}. */
  abstract park(ids: readonly string[]): Promise<void>;

  /** Forgets idempotency keys that have run out, at most `limit`; answers how many. */
  abstract forgetKeys(limit: number): Promise<number>;

  /** Resolves when the database answers and has the schema. */
  abstract ping(): Promise<void>;
}
