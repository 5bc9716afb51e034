import type { Failure, TaskStatus } from '../task.js';

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
}
