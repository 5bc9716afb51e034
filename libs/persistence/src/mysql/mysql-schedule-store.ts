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
import type { MysqlDatabase } from './mysql-database.js';
import { fire, release } from './schedule-fires.js';
import { ascii, marks } from './statements.js';

/** Schedules in MySQL or MariaDB, shared by any number of processes. See {@link ScheduleStore} for what the methods mean. */
export class MysqlScheduleStore extends ScheduleStore {
  constructor(private readonly db: MysqlDatabase) {
    super();
  }

  async insert(id: string, terms: ScheduleTerms, state: ScheduleState): Promise<void> {
    const assignments = assignmentsOf({ ...terms, ...state }, (at) => at);
    await this.db.affect(
      `INSERT INTO schedules (id, created_at, updated_at, ${assignments.map(({ column }) => column).join(', ')})
       VALUES (?, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3), ${marks(assignments)})`,
      [id, ...assignments.map(({ value }) => value)],
    );
  }

  async find(id: string): Promise<Schedule | null> {
    const [row] = await this.db.rows<ScheduleRow>(`SELECT ${SCHEDULE_COLUMNS} FROM schedules WHERE id = ?`, [ascii(id)]);
    return row ? toSchedule(row) : null;
  }

  async list({ size, before }: { size: number; before?: string }): Promise<SchedulePage> {
    const rows = await this.db.rows<ScheduleRow>(
      `SELECT ${SCHEDULE_COLUMNS} FROM schedules FORCE INDEX (PRIMARY) ${before === undefined ? '' : 'WHERE id < ?'}
       ORDER BY id DESC LIMIT ?`,
      [...(before === undefined ? [] : [before]), size + 1],
    );
    const schedules = rows.slice(0, size).map(toSchedule);
    return { schedules, next: rows.length > size ? schedules.at(-1)!.id : null };
  }

  async update(id: string, version: number, change: Partial<ScheduleTerms> & Partial<ScheduleState>): Promise<boolean> {
    const assignments = assignmentsOf(change, (at) => at);
    const changed = await this.db.affect(
      `UPDATE schedules SET ${assignments.map(({ column }) => `${column} = ?, `).join('')}
         version = version + 1, updated_at = UTC_TIMESTAMP(3)
       WHERE id = ? AND version = ?`,
      [...assignments.map(({ value }) => value), ascii(id), version],
    );
    return changed === 1;
  }

  async delete(id: string): Promise<boolean> {
    return this.db.transaction(async (statements) => {
      const deleted = await statements.affect('DELETE FROM schedules WHERE id = ?', [ascii(id)]);
      await statements.affect(`DELETE FROM schedule_fires WHERE schedule_id = ? AND outcome = 'waiting'`, [ascii(id)]);
      return deleted === 1;
    });
  }

  async now(): Promise<Date> {
    const [row] = await this.db.rows<{ now: Date }>('SELECT UTC_TIMESTAMP(3) AS now', []);
    return row!.now;
  }

  async due(withinMs: number, limit: number): Promise<DueSchedule[]> {
    const rows = await this.db.rows<ScheduleRow & { now: Date }>(
      `SELECT ${SCHEDULE_COLUMNS}, UTC_TIMESTAMP(3) AS now FROM schedules FORCE INDEX (schedules_next_at)
       WHERE status = 'ACTIVE' AND next_at <= UTC_TIMESTAMP(3) + INTERVAL ? MICROSECOND ORDER BY next_at LIMIT ?`,
      [withinMs * 1000, limit],
    );
    return rows.map((row) => ({ schedule: toSchedule(row) as DueSchedule['schedule'], now: row.now }));
  }

  async fire(firing: Firing, announceAgainMs: number): Promise<NewTask[] | null> {
    return this.db.transaction((statements) => fire(statements, firing, announceAgainMs));
  }

  async waiting(limit: number): Promise<WaitingSchedule[]> {
    const rows = await this.db.rows<ScheduleRow & { busy: 0 | 1 }>(
      `SELECT ${SCHEDULE_COLUMNS}, COALESCE(tasks.status IN ('PENDING', 'PROCESSING'), 0) AS busy
       FROM schedules FORCE INDEX (schedules_waiting) LEFT JOIN tasks ON tasks.id = schedules.last_task_id
       WHERE schedules.waiting > 0 AND schedules.status <> 'PAUSED' ORDER BY busy LIMIT ?`,
      [limit],
    );
    return rows.map((row) => ({ schedule: toSchedule(row), busy: Number(row.busy) === 1 }));
  }

  async release(scheduleId: string, task: NewTask | null, announceAgainMs: number): Promise<boolean> {
    return this.db.transaction((statements) => release(statements, scheduleId, task, announceAgainMs));
  }

  async forgetFires(olderThanMs: number, limit: number): Promise<number> {
    return this.db.affect(
      `DELETE FROM schedule_fires WHERE tick_at < UTC_TIMESTAMP(3) - INTERVAL ? MICROSECOND AND outcome <> 'waiting'
       ORDER BY tick_at LIMIT ?`,
      [olderThanMs * 1000, limit],
    );
  }
}
