import type { Schedule } from '@app/tasks';

/** A schedule as clients see it. */
export interface ScheduleView {
  schedule_id: string;
  title: string;
  cron: string;
  time_zone: string;
  /** The submission as the client gave it. */
  task: unknown;
  overlap: Schedule['overlap'];
  missed: Schedule['missed'];
  max_missed: number;
  ends_at: string | null;
  status: Schedule['status'];
  next_at: string | null;
  last_at: string | null;
  last_task_id: string | null;
  waiting: number;
  version: number;
  created_at: string;
  updated_at: string;
}

export function scheduleView(schedule: Schedule): ScheduleView {
  return {
    schedule_id: schedule.id,
    title: schedule.title,
    cron: schedule.cron,
    time_zone: schedule.timeZone,
    task: schedule.request,
    overlap: schedule.overlap,
    missed: schedule.missed,
    max_missed: schedule.maxMissed,
    ends_at: instant(schedule.endsAt),
    status: schedule.status,
    next_at: instant(schedule.nextAt),
    last_at: instant(schedule.lastAt),
    last_task_id: schedule.lastTaskId,
    waiting: schedule.waiting,
    version: schedule.version,
    created_at: schedule.createdAt.toISOString(),
    updated_at: schedule.updatedAt.toISOString(),
  };
}

function instant(at: Date | null): string | null {
  return at && at.toISOString();
}
