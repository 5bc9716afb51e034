import type { Failure, TaskStatus } from '../task.js';
import type { Histogram } from './histogram.js';

/** How many tasks of a type have each status. Nothing is counted beyond the limit. */
export type TypeCounts = { type: string } & Record<TaskStatus, number>;

/** A task that is due and waits. */
export interface WaitingTask {
  id: string;
  type: string;
  dueAt: Date;
  waitedMs: number;
}

export interface RecentFailure {
  id: string;
  type: string;
  error: Failure | null;
  at: Date;
}

/** What happened to the tasks of a type in a stretch of time. */
export interface Figures {
  at: Date;
  type: string;
  submitted: number;
  /** Attempts that had begun and were the latest of their task when the figures were made. */
  started: number;
  completed: number;
  failed: number;
  cancelled: number;
  /** From the moment the ended tasks were due to the beginning of their last attempt. */
  waits: Histogram;
  /** How long their last attempt took. */
  runs: Histogram;
}

/** The latest minute of which figures are kept, and what time it is. */
export interface StatsClock {
  last: Date | null;
  now: Date;
}

/** Counts tasks. Fails as the TaskStore does. */
export abstract class StatsStore {
  /** The types that tasks have, also those that this build does not know. */
  abstract types(): Promise<string[]>;

  /** By type and status, each up to `limit`. */
  abstract counts(types: readonly string[], limit: number): Promise<TypeCounts[]>;

  /** The task of the type that has been due longest, of the `looks` oldest that wait. */
  abstract oldestWaiting(type: string, looks: number): Promise<WaitingTask | null>;

  /** The newest tasks that FAILED. */
  abstract failures(limit: number): Promise<RecentFailure[]>;

  abstract clock(stepSeconds: number): Promise<StatsClock>;

  /** What happened from one instant up to another, from the rows. */
  abstract measure(from: Date, to: Date): Promise<Figures[]>;

  /** Keeps the figures of one step, in place of those that were kept of it. */
  abstract keep(stepSeconds: number, at: Date, figures: readonly Omit<Figures, 'at'>[]): Promise<void>;

  /** The figures that are kept, oldest first; of one type if it is given. */
  abstract figures(stepSeconds: number, from: Date, to: Date, type?: string): Promise<Figures[]>;

  /** Forgets figures of before an instant. */
  abstract forget(before: Date): Promise<void>;
}
