import { ENTERED_FROM, type ArchivePart, type ArchivePlan, type ArchiveStatus, type StoredObject } from '@app/archive';
import { LeaseLost, type Lease } from '@app/tasks';
import { PART_COLUMNS, archiveValues, partValues } from './archive-row.js';
import type { StepDialect } from './step-dialect.js';
import { affect, rows, type Work } from '../shared/work.js';
import { marks } from '../shared/sql.js';

/** What became of a unit of work: it was done, or the attempt has lost its task, or the archive has another status. */
export type Done<T> = { done: T } | { refused: 'lease' | 'status' };

/**
 * Does the work if the attempt holds its lease before and after it. The row of the task is locked for the end only.
 *
 * @throws LeaseLost if it was lost meanwhile: nothing of the work may stay
 */
export function* leased<T>(dialect: StepDialect, lease: Lease, work: Work<Done<T>>): Work<Done<T>> {
  if (!(yield* isHeld(lease, ''))) return { refused: 'lease' };
  const done = yield* work;
  if ('done' in done && !(yield* isHeld(lease, dialect.forUpdate))) throw new LeaseLost(lease.id, lease.attempt);
  return done;
}

export function* beginArchive(dialect: StepDialect, lease: Lease, plan: ArchivePlan): Work<Done<null>> {
  const values = archiveValues(lease.id, plan, (at) => dialect.instant(at.getTime()));
  const columns = Object.keys(values);
  yield* affect(
    `INSERT INTO archives (${columns.join(', ')}, created_at, updated_at)
     SELECT ${marks(columns)}, ${dialect.now}, ${dialect.now} FROM tasks WHERE id = ? AND NOT EXISTS (SELECT 1 FROM archives WHERE id = ?)`,
    [...Object.values(values), lease.id, lease.id],
  );
  return { done: null };
}

export function* advanceArchive(
  dialect: StepDialect,
  lease: Lease,
  id: string,
  status: ArchiveStatus,
  manifest?: StoredObject,
): Work<Done<boolean>> {
  const [archive] = yield* rows<{ status: ArchiveStatus }>(`SELECT status FROM archives WHERE id = ? ${dialect.forUpdate}`, [id]);
  // A repetition whose first answer was lost.
  if (archive?.status === status && status !== 'EXPORTING') return { done: true };
  if (!archive || !ENTERED_FROM[status].includes(archive.status)) return { done: false };
  const set = [`status = ?`, `updated_at = ${dialect.now}`];
  const params: unknown[] = [status];
  if (manifest) {
    set.push('manifest = ?');
    params.push(JSON.stringify(manifest));
  }
  if (status === 'VERIFIED') set.push(`verified_at = ${dialect.now}`);
  if (status === 'COMPLETED') set.push(`completed_at = ${dialect.now}`);
  if (status === 'RESTORING') {
    set.push('restore_task_id = ?', 'restored = 0');
    params.push(lease.id);
    yield* affect('UPDATE archive_parts SET restored = 0 WHERE archive_id = ?', [id]);
  }
  yield* affect(`UPDATE archives SET ${set.join(', ')} WHERE id = ?`, [...params, id]);
  return { done: true };
}

export function* keepPart(dialect: StepDialect, id: string, part: ArchivePart): Work<Done<null>> {
  yield* dialect.insertMissing('archive_parts', PART_COLUMNS, [partValues(id, part)]);
  return { done: null };
}

export function* endPart(
  _dialect: StepDialect,
  id: string,
  { kind, number }: ArchivePart,
  done: 'removed' | 'restored',
): Work<Done<null>> {
  yield* affect(`UPDATE archive_parts SET ${done} = 1 WHERE archive_id = ? AND kind = ? AND number = ?`, [id, kind, number]);
  return { done: null };
}

function* isHeld({ id, attempt }: Lease, lock: string): Work<boolean> {
  const held = yield* rows(`SELECT id FROM tasks WHERE id = ? AND status = 'PROCESSING' AND attempt = ? ${lock}`, [id, attempt]);
  return held.length === 1;
}
