import type { ArchivePart, ArchiveRow } from '@app/archive';
import { byImport, recordValues } from './record-cells.js';
import type { StepDialect } from './step-dialect.js';
import { affect, rows, type Work } from '../shared/work.js';
import { taskInserts } from './task-cells.js';
import type { Done } from './writes.js';

type Given = readonly Pick<ArchiveRow, 'cells'>[];

/** Puts rows back that are not there; answers how many. */
export function* insertRows(
  dialect: StepDialect,
  id: string,
  { kind }: Pick<ArchivePart, 'kind'>,
  given: Given,
): Work<Done<number>> {
  const [archive] = yield* rows<{ status: string }>(`SELECT status FROM archives WHERE id = ? ${dialect.forUpdate}`, [id]);
  if (archive?.status !== 'RESTORING') return { refused: 'status' };
  const inserted = yield* kind === 'records' ? insertRecords(dialect, given) : insertTasks(dialect, given);
  if (inserted > 0) {
    yield* affect(`UPDATE archives SET restored = restored + ?, updated_at = ${dialect.now} WHERE id = ?`, [inserted, id]);
  }
  return { done: inserted };
}

function* insertRecords(dialect: StepDialect, given: Given): Work<number> {
  let inserted = 0;
  for (const [number, records] of byImport(given.map(recordValues))) {
    const [found] = yield* rows<{ dataset: number }>('SELECT dataset_no AS dataset FROM imports WHERE number = ?', [number]);
    if (!found) throw new Error(`Import ${number} is not known here: the archive was made of another database.`);
    const added = yield* dialect.insertMissing(
      'records',
      ['dataset_no', 'import_no', 'row_no', 'data'],
      records.map(({ row, data }) => [found.dataset, number, row, data]),
    );
    if (added > 0) yield* affect('UPDATE imports SET archived = archived - ? WHERE number = ?', [added, number]);
    inserted += added;
  }
  return inserted;
}

function* insertTasks(dialect: StepDialect, given: Given): Work<number> {
  let inserted = 0;
  for (const { table, columns, values } of taskInserts(given, (ms) => dialect.instant(ms))) {
    const added = yield* dialect.insertMissing(table, columns, values);
    if (table === 'tasks') inserted = added;
  }
  return inserted;
}
