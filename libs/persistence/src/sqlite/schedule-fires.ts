import { outcomesOf, type Firing, type NewTask } from '@app/tasks';
import { insertTasks, pack } from './insert.js';
import type { SqliteDatabase } from './sqlite-database.js';

interface StateRow {
  status: string;
  version: number;
  nextAt: number | null;
  waiting: number;
  busy: 0 | 1;
}

const STATE = `SELECT status, version, next_at AS nextAt, waiting, EXISTS
    (SELECT 1 FROM tasks WHERE tasks.id = schedules.last_task_id AND tasks.status IN ('PENDING', 'PROCESSING')) AS busy
  FROM schedules WHERE id = ?`;

const SEEN = `SELECT tick_at AS at FROM schedule_fires
  WHERE schedule_id = ? AND tick_at IN (SELECT value FROM json_each(?))`;

const KEEP_TICK = 'INSERT INTO schedule_fires (schedule_id, tick_at, outcome, task_id) VALUES (?, ?, ?, ?)';

const MOVE_ON = `UPDATE schedules SET status = ?, next_at = ?, last_at = COALESCE(?, last_at),
  last_task_id = COALESCE(?, last_task_id), waiting = waiting + ? WHERE id = ?`;

const OLDEST_WAITING = `SELECT tick_at AS at FROM schedule_fires
  WHERE schedule_id = ? AND outcome = 'waiting' ORDER BY tick_at LIMIT 1`;

const RELEASE = 'UPDATE schedule_fires SET outcome = ?, task_id = ? WHERE schedule_id = ? AND tick_at = ?';

/** Sees to ticks. Null if the schedule moved on. */
export function fire(db: SqliteDatabase, now: number, firing: Firing, announceAgainMs: number): NewTask[] | null {
  const { scheduleId, from, set, overlap } = firing;
  const [row] = db.rows<StateRow>(STATE, [scheduleId]);
  if (row?.status !== 'ACTIVE' || row.version !== from.version || row.nextAt !== from.nextAt.getTime()) return null;

  const ticks = unseen(db, firing);
  const outcomes = outcomesOf(ticks, overlap, { busy: row.busy === 1, waiting: row.waiting });
  const fired: NewTask[] = [];
  ticks.forEach(({ at, task }, index) => {
    const made = task && outcomes[index] === 'fired' ? task : null;
    if (made) fired.push(made);
    db.affect(KEEP_TICK, [scheduleId, at.getTime(), outcomes[index], made?.id ?? null]);
  });
  insertTasks(db, now, pack(fired), announceAgainMs);
  db.affect(MOVE_ON, [
    set.status,
    set.nextAt?.getTime() ?? null,
    ticks.at(-1)?.at.getTime() ?? null,
    fired.at(-1)?.id ?? null,
    outcomes.filter((outcome) => outcome === 'waiting').length,
    scheduleId,
  ]);
  return fired;
}

/** Lets the oldest waiting tick make its task. */
export function release(
  db: SqliteDatabase,
  now: number,
  scheduleId: string,
  task: NewTask | null,
  announceAgainMs: number,
): boolean {
  const [row] = db.rows<StateRow>(STATE, [scheduleId]);
  if (!row || row.status === 'PAUSED' || row.waiting === 0 || row.busy === 1) return false;
  const [oldest] = db.rows<{ at: number }>(OLDEST_WAITING, [scheduleId]);
  if (oldest) db.affect(RELEASE, [task ? 'fired' : 'skipped', task?.id ?? null, scheduleId, oldest.at]);
  if (oldest && task) insertTasks(db, now, pack([task]), announceAgainMs);
  db.affect('UPDATE schedules SET waiting = waiting - 1, last_task_id = COALESCE(?, last_task_id) WHERE id = ?', [
    oldest ? (task?.id ?? null) : null,
    scheduleId,
  ]);
  return oldest !== undefined;
}

/** Those of the ticks that were not seen to, whatever became of the schedule's next tick since. */
function unseen(db: SqliteDatabase, { scheduleId, ticks }: Firing): Firing['ticks'] {
  const instants = JSON.stringify(ticks.map(({ at }) => at.getTime()));
  const seen = new Set(db.rows<{ at: number }>(SEEN, [scheduleId, instants]).map(({ at }) => at));
  return ticks.filter(({ at }) => !seen.has(at.getTime()));
}
