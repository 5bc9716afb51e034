import type { Submission } from '../submission.js';
import type { NewTask } from '../task.js';

export const OVERLAPS = ['skip', 'queue'] as const;
/** What becomes of a tick while the task of an earlier one is not final: no task, or one when that has ended. */
export type Overlap = (typeof OVERLAPS)[number];

export const MISSED = ['none', 'last', 'all'] as const;
/** Which ticks that nobody was there for are made up for. */
export type Missed = (typeof MISSED)[number];

export const SCHEDULE_STATUSES = ['ACTIVE', 'PAUSED', 'ENDED'] as const;
/** ENDED: no tick is left, because of `endsAt` or of the cron expression. */
export type ScheduleStatus = (typeof SCHEDULE_STATUSES)[number];

/** What a client decides about a schedule. */
export interface ScheduleTerms {
  title: string;
  /** Five fields, six with seconds in front, or a name such as `@daily`. */
  cron: string;
  /** IANA name of the zone whose clock the cron expression is about. */
  timeZone: string;
  /** What every tick submits, and the same in the client's own words. */
  task: Submission;
  request: unknown;
  overlap: Overlap;
  missed: Missed;
  /** At most so many missed ticks are made up for, the latest ones. */
  maxMissed: number;
  /** No tick comes after this instant; null means never. */
  endsAt: Date | null;
}

/** Where a schedule stands. */
export interface ScheduleState {
  status: ScheduleStatus;
  /** The next tick; null unless ACTIVE. */
  nextAt: Date | null;
}

/** Makes tasks by the clock: one row in `schedules`. */
export interface Schedule extends ScheduleTerms, ScheduleState {
  /** UUIDv7. */
  id: string;
  /** The latest tick that was seen to. */
  lastAt: Date | null;
  /** The latest task that a tick made; null before the first. */
  lastTaskId: string | null;
  /** Ticks that wait for an earlier one's task to end. */
  waiting: number;
  /** Grows with every change by a client; ticks do not count. */
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

/** What became of a tick: it made a task, it waits for an earlier task to end, or it made none because one was running. */
export type FireOutcome = 'fired' | 'waiting' | 'skipped';

/** A tick that has come, with the task it stands for. */
export interface Tick {
  at: Date;
  /** Null if the task is refused by its type: the tick is then skipped. */
  task: NewTask | null;
}

/** Ticks to see to in one go, guarded: nothing happens if the schedule moved on meanwhile. */
export interface Firing {
  scheduleId: string;
  from: { version: number; nextAt: Date };
  overlap: Overlap;
  /** In the order of time. */
  ticks: readonly Tick[];
  set: ScheduleState;
}

/** The most ticks of one schedule that wait; further ones are skipped. */
const MOST_WAITING = 1_000;

/** What becomes of each tick, given whether the task of an earlier one is running and how many ticks wait already. */
export function outcomesOf(ticks: readonly Tick[], overlap: Overlap, now: { busy: boolean; waiting: number }): FireOutcome[] {
  let { busy, waiting } = now;
  return ticks.map(({ task }) => {
    if (!task) return 'skipped';
    if (!busy && waiting === 0) {
      busy = true;
      return 'fired';
    }
    if (overlap === 'skip' || waiting >= MOST_WAITING) return 'skipped';
    waiting++;
    return 'waiting';
  });
}
