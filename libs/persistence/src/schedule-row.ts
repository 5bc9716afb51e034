import type { Missed, Overlap, Schedule, ScheduleState, ScheduleStatus, ScheduleTerms, Submission } from '@app/tasks';
import type { StoredInstant } from './task-row.js';

/** Select list that gives rows of `schedules` the names of {@link Schedule}; it ends in no comma. */
export const SCHEDULE_COLUMNS = `
  schedules.id AS id, schedules.title AS title, schedules.cron AS cron, schedules.time_zone AS timeZone, schedules.task AS task,
  schedules.request AS request, schedules.overlap AS overlap, schedules.missed AS missed, schedules.max_missed AS maxMissed,
  schedules.ends_at AS endsAt, schedules.status AS status, schedules.next_at AS nextAt, schedules.last_at AS lastAt,
  schedules.last_task_id AS lastTaskId, schedules.waiting AS waiting, schedules.version AS version,
  schedules.created_at AS createdAt, schedules.updated_at AS updatedAt`;

/** A row of `schedules` read with {@link SCHEDULE_COLUMNS}. JSON values are still text. */
export interface ScheduleRow {
  id: string;
  title: string;
  cron: string;
  timeZone: string;
  task: string;
  request: string;
  overlap: Overlap;
  missed: Missed;
  maxMissed: number;
  endsAt: StoredInstant | null;
  status: ScheduleStatus;
  nextAt: StoredInstant | null;
  lastAt: StoredInstant | null;
  lastTaskId: string | null;
  waiting: number;
  version: number;
  createdAt: StoredInstant;
  updatedAt: StoredInstant;
}

/** The domain's view of a row. */
export function toSchedule(row: ScheduleRow): Schedule {
  return {
    id: row.id,
    title: row.title,
    cron: row.cron,
    timeZone: row.timeZone,
    task: JSON.parse(row.task) as Submission,
    request: JSON.parse(row.request),
    overlap: row.overlap,
    missed: row.missed,
    maxMissed: row.maxMissed,
    endsAt: instant(row.endsAt),
    status: row.status,
    nextAt: instant(row.nextAt),
    lastAt: instant(row.lastAt),
    lastTaskId: row.lastTaskId,
    waiting: row.waiting,
    version: row.version,
    createdAt: new Date(row.createdAt),
    updatedAt: new Date(row.updatedAt),
  };
}

const COLUMN_OF = {
  title: 'title',
  cron: 'cron',
  timeZone: 'time_zone',
  task: 'task',
  request: 'request',
  overlap: 'overlap',
  missed: 'missed',
  maxMissed: 'max_missed',
  endsAt: 'ends_at',
  status: 'status',
  nextAt: 'next_at',
} as const satisfies Record<keyof (ScheduleTerms & ScheduleState), string>;

type Change = Partial<ScheduleTerms & ScheduleState>;

/** The columns that a change sets, with their values; what is undefined is left alone. */
export function assignmentsOf(change: Change, storedInstant: (at: Date) => unknown): { column: string; value: unknown }[] {
  return (Object.keys(COLUMN_OF) as (keyof Change)[])
    .filter((name) => change[name] !== undefined)
    .map((name) => {
      const value = change[name];
      const stored =
        name === 'task' || name === 'request' ? JSON.stringify(value) : value instanceof Date ? storedInstant(value) : value;
      return { column: COLUMN_OF[name], value: stored };
    });
}

function instant(value: StoredInstant | null): Date | null {
  return value === null ? null : new Date(value);
}
