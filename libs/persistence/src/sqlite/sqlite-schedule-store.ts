import {
  ScheduleStore,
  type DueSchedule,
  type Firing,
  type NewTask,
  type Schedule,
  type SchedulePage,
  type ScheduleState,
  type ScheduleTerms,
  type WaitingSchedule,
} from '@app/tasks';
import { SCHEDULE_COLUMNS, assignmentsOf, toSchedule, type ScheduleRow } from '../schedule-row.js';
import type { SqliteFile } from './sqlite-file.js';

/** Schedules in the SQLite file of this process. See {@link ScheduleStore} for what the methods mean. */
export class SqliteScheduleStore extends ScheduleStore {
  constructor(private readonly file: SqliteFile) {
    super();
  }

  insert(id: string, terms: ScheduleTerms, state: ScheduleState): Promise<void> {
    return this.file.call('insertSchedule', id, assignmentsOf({ ...terms, ...state }, ms));
  }

  async find(id: string): Promise<Schedule | null> {
    const [row] = await this.file.rows<ScheduleRow>(`SELECT ${SCHEDULE_COLUMNS} FROM schedules WHERE id = ?`, [id]);
    return row ? toSchedule(row) : null;
  }

  async list({ size, before }: { size: number; before?: string }): Promise<SchedulePage> {
    const rows = await this.file.rows<ScheduleRow>(
      `SELECT ${SCHEDULE_COLUMNS} FROM schedules ${before === undefined ? '' : 'WHERE id < ?'} ORDER BY id DESC LIMIT ?`,
      [...(before === undefined ? [] : [before]), size + 1],
    );
    const schedules = rows.slice(0, size).map(toSchedule);
    return { schedules, next: rows.length > size ? schedules.at(-1)!.id : null };
  }

  update(id: string, version: number, change: Partial<ScheduleTerms> & Partial<ScheduleState>): Promise<boolean> {
    return this.file.call('updateSchedule', id, version, assignmentsOf(change, ms));
  }

  delete(id: string): Promise<boolean> {
    return this.file.call('deleteSchedule', id);
  }

  async now(): Promise<Date> {
    return new Date(await this.file.call('now'));
  }

  async due(withinMs: number, limit: number): Promise<DueSchedule[]> {
    const { now, rows } = await this.file.call('dueSchedules', withinMs, limit);
    return rows.map((row) => ({ schedule: toSchedule(row) as DueSchedule['schedule'], now: new Date(now) }));
  }

  fire(firing: Firing, announceAgainMs: number): Promise<NewTask[] | null> {
    return this.file.call('fire', firing, announceAgainMs);
  }

  async waiting(limit: number): Promise<WaitingSchedule[]> {
    const rows = await this.file.rows<ScheduleRow & { busy: number }>(
      `SELECT ${SCHEDULE_COLUMNS}, COALESCE(tasks.status IN ('PENDING', 'PROCESSING'), 0) AS busy
       FROM schedules INDEXED BY schedules_waiting LEFT JOIN tasks ON tasks.id = schedules.last_task_id
       WHERE schedules.waiting > 0 AND schedules.status <> 'PAUSED' ORDER BY busy LIMIT ?`,
      [limit],
    );
    return rows.map((row) => ({ schedule: toSchedule(row), busy: row.busy === 1 }));
  }

  release(scheduleId: string, task: NewTask | null, announceAgainMs: number): Promise<boolean> {
    return this.file.call('release', scheduleId, task, announceAgainMs);
  }

  forgetFires(olderThanMs: number, limit: number): Promise<number> {
    return this.file.call('forgetFires', olderThanMs, limit);
  }
}

function ms(at: Date): number {
  return at.getTime();
}
