import type { NewTask } from '../task.js';
import type { Firing, Schedule, ScheduleState, ScheduleTerms } from './schedule.js';

/** An ACTIVE schedule whose next tick has come, or comes soon. */
export interface DueSchedule {
  schedule: Schedule & { nextAt: Date };
  /** The database's clock when this was read. */
  now: Date;
}

export interface WaitingSchedule {
  schedule: Schedule;
  /** True while the task of an earlier tick has not ended. */
  busy: boolean;
}

export interface SchedulePage {
  schedules: Schedule[];
  /** Ask again with this as `before` for older schedules; null at the end. */
  next: string | null;
}

/**
 * Keeps schedules and their ticks. Every method is one short unit of work, and either has been committed when it resolves or rejects
 * with StoreUnavailable within the configured deadline.
 */
export abstract class ScheduleStore {
  abstract insert(id: string, terms: ScheduleTerms, state: ScheduleState): Promise<void>;

  abstract find(id: string): Promise<Schedule | null>;

  /** Newest first. `before` is a page's `next`. */
  abstract list(page: { size: number; before?: string }): Promise<SchedulePage>;

  /** Changes the schedule if it still has this version; answers whether it did. */
  abstract update(id: string, version: number, change: Partial<ScheduleTerms> & Partial<ScheduleState>): Promise<boolean>;

  /** Forgets the schedule and what waits of it; its tasks stay. Answers whether there was one. */
  abstract delete(id: string): Promise<boolean>;

  /** The database's clock. */
  abstract now(): Promise<Date>;

  /** ACTIVE schedules whose next tick comes within so many milliseconds, soonest first. */
  abstract due(withinMs: number, limit: number): Promise<DueSchedule[]>;

  /**
   * Sees to ticks: each is kept under schedule and instant, and the tasks of those that are new are committed with it. Answers the
   * tasks that were made; null if the schedule moved on before, and nothing was written.
   */
  abstract fire(firing: Firing, announceAgainMs: number): Promise<NewTask[] | null>;

  /** Schedules with ticks that wait, unless they are paused. */
  abstract waiting(limit: number): Promise<WaitingSchedule[]>;

  /** Lets the oldest tick that waits make this task, or none if null; answers whether it did: another process may have done so. */
  abstract release(scheduleId: string, task: NewTask | null, announceAgainMs: number): Promise<boolean>;

  /** Forgets ticks that came longer ago than so many milliseconds, at most `limit`; answers how many. */
  abstract forgetFires(olderThanMs: number, limit: number): Promise<number>;
}
