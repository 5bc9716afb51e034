import type { Report } from '@app/tasks';
import type { SqliteDatabase } from './sqlite-database.js';

const STILL_HELD = `id = ? AND status = 'PROCESSING' AND attempt = ?`;
const HELD = `SELECT id FROM tasks WHERE ${STILL_HELD}`;
const SET_PROGRESS = `UPDATE tasks SET progress = ?, updated_at = ? WHERE ${STILL_HELD}`;
const COUNT_LINES = 'SELECT COUNT(*) AS lines FROM task_logs WHERE task_id = ?';
const ADD_LINE = `INSERT INTO task_logs (task_id, attempt, line, level, message, at) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT (task_id, attempt, line) DO NOTHING`;

/** @param mostLines of one task. */
export function report(db: SqliteDatabase, now: number, reports: readonly Report[], mostLines: number): void {
  for (const { lease, progress, lines } of reports) {
    const { id, attempt } = lease;
    if (db.rows(HELD, [id, attempt]).length === 0) continue;
    if (progress !== undefined) db.affect(SET_PROGRESS, [progress, now, id, attempt]);
    if (lines.length === 0) continue;
    const [count] = db.rows<{ lines: number }>(COUNT_LINES, [id]);
    for (const { line, level, message, agoMs } of lines.slice(0, Math.max(0, mostLines - count!.lines))) {
      db.affect(ADD_LINE, [id, attempt, line, level, message, now - agoMs]);
    }
  }
}
