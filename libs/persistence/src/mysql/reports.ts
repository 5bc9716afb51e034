import { MAX_TASK_LINES, type Report } from '@app/tasks';
import { idsThenPairs, stillHeld } from './leases.js';
import { marks, type Statements } from './statements.js';

/** Keeps what attempts say that still hold their lease; to be run in a transaction. */
export async function report(statements: Statements, reports: readonly Report[]): Promise<void> {
  if (reports.length === 0) return;
  const leases = reports.map(({ lease }) => lease);
  const rows = await statements.rows<{ id: string; attempt: number }>(
    `SELECT id, attempt FROM tasks FORCE INDEX (PRIMARY) WHERE ${stillHeld(leases)} ORDER BY id FOR UPDATE`,
    idsThenPairs(leases),
  );
  const attempts = new Map(rows.map(({ id, attempt }) => [id, attempt]));
  const held = reports.filter(({ lease }) => attempts.get(lease.id) === lease.attempt);
  await setProgress(statements, held);
  await addLines(statements, held);
}

async function setProgress(statements: Statements, reports: readonly Report[]): Promise<void> {
  // The last word of a task that has several.
  const progress = new Map(reports.flatMap(({ lease, progress }) => (progress === undefined ? [] : [[lease.id, progress]])));
  if (progress.size === 0) return;
  const ids = [...progress.keys()];
  await statements.affect(
    `UPDATE tasks FORCE INDEX (PRIMARY) SET progress = CASE id ${ids.map(() => 'WHEN ? THEN ?').join(' ')} END,
       updated_at = UTC_TIMESTAMP(3) WHERE id IN (${marks(ids)})`,
    [...[...progress].flat(), ...ids],
  );
}

async function addLines(statements: Statements, reports: readonly Report[]): Promise<void> {
  const talking = [...new Set(reports.filter(({ lines }) => lines.length > 0).map(({ lease }) => lease.id))];
  if (talking.length === 0) return;
  const counts = await statements.rows<{ id: string; lines: number }>(
    `SELECT task_id AS id, COUNT(*) AS \`lines\` FROM task_logs WHERE task_id IN (${marks(talking)}) GROUP BY task_id`,
    talking,
  );
  const kept = new Map(counts.map(({ id, lines }) => [id, Number(lines)]));
  const values: unknown[][] = [];
  for (const { lease, lines } of reports) {
    for (const { line, level, message, agoMs } of lines) {
      const count = kept.get(lease.id) ?? 0;
      if (count >= MAX_TASK_LINES) break;
      kept.set(lease.id, count + 1);
      values.push([lease.id, lease.attempt, line, level, message, agoMs * 1000]);
    }
  }
  if (values.length === 0) return;
  await statements.affect(
    `INSERT INTO task_logs (task_id, attempt, line, level, message, at)
     VALUES ${marks(values, '(?, ?, ?, ?, ?, UTC_TIMESTAMP(3) - INTERVAL ? MICROSECOND)')}
     ON DUPLICATE KEY UPDATE line = line`,
    values.flat(),
  );
}
