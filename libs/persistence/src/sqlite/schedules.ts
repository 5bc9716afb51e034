import { SCHEDULE_COLUMNS, type ScheduleRow } from '../schedule-row.js';
import type { SqliteDatabase } from './sqlite-database.js';

type Assignments = readonly { column: string; value: unknown }[];

export function insertSchedule(db: SqliteDatabase, now: number, id: string, assignments: Assignments): void {
  db.affect(
    `INSERT INTO schedules (id, created_at, updated_at, ${assignments.map(({ column }) => column).join(', ')})
     VALUES (?, ?, ?, ${assignments.map(() => '?').join(', ')})`,
    [id, now, now, ...assignments.map(({ value }) => value)],
  );
}

/** Answers whether the schedule still had this version. */
export function updateSchedule(db: SqliteDatabase, now: number, id: string, version: number, assignments: Assignments): boolean {
  const set = assignments.map(({ column }) => `${column} = ?, `).join('');
  return (
    db.affect(`UPDATE schedules SET ${set} version = version + 1, updated_at = ? WHERE id = ? AND version = ?`, [
      ...assignments.map(({ value }) => value),
      now,
      id,
      version,
    ]) === 1
  );
}

export function deleteSchedule(db: SqliteDatabase, id: string): boolean {
  db.affect(`DELETE FROM schedule_fires WHERE schedule_id = ? AND outcome = 'waiting'`, [id]);
  return db.affect('DELETE FROM schedules WHERE id = ?', [id]) === 1;
}

export function dueSchedules(
  db: SqliteDatabase,
  now: number,
  withinMs: number,
  limit: number,
): { now: number; rows: ScheduleRow[] } {
  const rows = db.rows<ScheduleRow>(
    `SELECT ${SCHEDULE_COLUMNS} FROM schedules INDEXED BY schedules_next_at
     WHERE status = 'ACTIVE' AND next_at <= ? ORDER BY next_at LIMIT ?`,
    [now + withinMs, limit],
  );
  return { now, rows };
}

export function forgetFires(db: SqliteDatabase, now: number, olderThanMs: number, limit: number): number {
  return db.affect(
    `DELETE FROM schedule_fires WHERE (schedule_id, tick_at) IN
     (SELECT schedule_id, tick_at FROM schedule_fires INDEXED BY schedule_fires_tick_at
      WHERE tick_at < ? AND outcome <> 'waiting' ORDER BY tick_at LIMIT ?)`,
    [now - olderThanMs, limit],
  );
}
