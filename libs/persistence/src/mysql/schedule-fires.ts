import { outcomesOf, type Firing, type NewTask } from '@app/tasks';
import { insertTasks } from './insert.js';
import { marks, type Statements } from './statements.js';

/** What decides about ticks, read under a lock: whoever has it is alone with the schedule. */
interface LockedRow {
  status: string;
  version: number;
  nextAt: Date | null;
  waiting: number;
  busy: 0 | 1;
}

/** Sees to ticks; to be run in a transaction. Null if the schedule moved on. */
export async function fire(statements: Statements, firing: Firing, announceAgainMs: number): Promise<NewTask[] | null> {
  const { scheduleId, from, set, overlap } = firing;
  const row = await lock(statements, scheduleId);
  if (row?.status !== 'ACTIVE' || row.version !== from.version || row.nextAt?.getTime() !== from.nextAt.getTime()) return null;

  const ticks = await unseen(statements, firing);
  const outcomes = outcomesOf(ticks, overlap, { busy: row.busy === 1, waiting: row.waiting });
  const fired = ticks.flatMap(({ task }, index) => (task && outcomes[index] === 'fired' ? [task] : []));
  if (ticks.length > 0) {
    await statements.affect(
      `INSERT INTO schedule_fires (schedule_id, tick_at, outcome, task_id) VALUES ${marks(ticks, '(?, ?, ?, ?)')}`,
      ticks.flatMap(({ at, task }, index) => [
        scheduleId,
        at,
        outcomes[index],
        outcomes[index] === 'fired' && task ? task.id : null,
      ]),
    );
  }
  await insertTasks(statements, fired, announceAgainMs);
  await statements.affect(
    `UPDATE schedules SET status = ?, next_at = ?, last_at = COALESCE(?, last_at), last_task_id = COALESCE(?, last_task_id),
       waiting = waiting + ? WHERE id = ?`,
    [
      set.status,
      set.nextAt,
      ticks.at(-1)?.at ?? null,
      fired.at(-1)?.id ?? null,
      outcomes.filter((outcome) => outcome === 'waiting').length,
      scheduleId,
    ],
  );
  return fired;
}

/** Lets the oldest waiting tick make its task; to be run in a transaction. */
export async function release(
  statements: Statements,
  scheduleId: string,
  task: NewTask | null,
  announceAgainMs: number,
): Promise<boolean> {
  const row = await lock(statements, scheduleId);
  if (!row || row.status === 'PAUSED' || row.waiting === 0 || row.busy === 1) return false;
  const released = await statements.affect(
    `UPDATE schedule_fires SET outcome = ?, task_id = ? WHERE schedule_id = ? AND outcome = 'waiting' ORDER BY tick_at LIMIT 1`,
    [task ? 'fired' : 'skipped', task?.id ?? null, scheduleId],
  );
  if (released === 1 && task) await insertTasks(statements, [task], announceAgainMs);
  await statements.affect('UPDATE schedules SET waiting = waiting - 1, last_task_id = COALESCE(?, last_task_id) WHERE id = ?', [
    released === 1 ? (task?.id ?? null) : null,
    scheduleId,
  ]);
  return released === 1;
}

async function lock(statements: Statements, scheduleId: string): Promise<LockedRow | undefined> {
  const [row] = await statements.rows<LockedRow & { lastTaskId: string | null }>(
    `SELECT status, version, next_at AS nextAt, waiting, last_task_id AS lastTaskId FROM schedules WHERE id = ? FOR UPDATE`,
    [scheduleId],
  );
  if (!row) return undefined;
  const running = await statements.rows(`SELECT id FROM tasks WHERE id = ? AND status IN ('PENDING', 'PROCESSING')`, [
    row.lastTaskId,
  ]);
  return { ...row, busy: running.length > 0 ? 1 : 0 };
}

/** Those of the ticks that nobody has seen to, whatever became of the schedule's next tick since. */
async function unseen(statements: Statements, { scheduleId, ticks }: Firing): Promise<Firing['ticks']> {
  if (ticks.length === 0) return [];
  const seen = await statements.rows<{ at: Date }>(
    `SELECT tick_at AS at FROM schedule_fires WHERE schedule_id = ? AND tick_at IN (${marks(ticks)})`,
    [scheduleId, ...ticks.map(({ at }) => at)],
  );
  const instants = new Set(seen.map(({ at }) => at.getTime()));
  return ticks.filter(({ at }) => !instants.has(at.getTime()));
}
