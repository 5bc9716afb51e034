import { digestOf, type ArchiveKind, type ArchivePart, type ArchiveRow, type RemovedRows, type RowKey } from '@app/archive';
import { IMPORTS, byImport, recordKey, toRecordRow, type ImportOfRecords, type RecordTableRow } from './record-cells.js';
import { KEPT_FOR_GOOD, heldFor, type ReferenceDialect } from './references.js';
import type { StepDialect } from './step-dialect.js';
import { affect, rows, type Work } from '../shared/work.js';
import { CHILD_TABLES, linksOf, parentOf, taskSelects, toTaskRows } from './task-cells.js';
import type { Done } from './writes.js';

/** Deletes rows that are still as they were archived and that nothing refers to. */
export function* removeRows(
  dialect: StepDialect & ReferenceDialect,
  id: string,
  { kind }: Pick<ArchivePart, 'kind'>,
  keys: readonly RowKey[],
  keepKeysMs: number,
): Work<Done<RemovedRows>> {
  const [archive] = yield* rows<{ status: string }>(`SELECT status FROM archives WHERE id = ? ${dialect.forUpdate}`, [id]);
  if (archive?.status !== 'DELETING') return { refused: 'status' };
  const removed = yield* kind === 'records' ? removeRecords(dialect, keys) : removeTasks(dialect, kind, keys, keepKeysMs);
  if (removed.deleted > 0) {
    yield* affect(`UPDATE archives SET deleted = deleted + ?, updated_at = ${dialect.now} WHERE id = ?`, [removed.deleted, id]);
  }
  return { done: removed };
}

function* removeRecords(dialect: StepDialect, keys: readonly RowKey[]): Work<RemovedRows> {
  let deleted = 0;
  const digests = new Map(keys.map(({ key, digest }) => [key, digest]));
  for (const [number, group] of byImport(keys.map(({ key }) => recordKey(key)))) {
    const [from] = yield* rows<ImportOfRecords>(`${IMPORTS} WHERE i.number = ? ${dialect.forUpdate}`, [number]);
    if (!from) continue;
    const numbers = group.map(({ row }) => row);
    const place = [from.datasetNo, number];
    const ofImport = 'FROM records WHERE dataset_no = ? AND import_no = ? AND';
    const asked = dialect.isIn('row_no', numbers);
    const found = yield* rows<RecordTableRow>(`SELECT row_no AS \`row\`, data ${ofImport} ${asked.sql} ${dialect.forUpdate}`, [
      ...place,
      ...asked.params,
    ]);
    const same = found.filter((record) => isSame(toRecordRow(from, record), digests)).map(({ row }) => row);
    if (same.length === 0) continue;
    const gone = dialect.isIn('row_no', same);
    yield* affect(`DELETE ${ofImport} ${gone.sql}`, [...place, ...gone.params]);
    yield* affect('UPDATE imports SET archived = archived + ? WHERE number = ?', [same.length, number]);
    deleted += same.length;
  }
  return { deleted, held: 0 };
}

function* removeTasks(
  dialect: StepDialect & ReferenceDialect,
  kind: Exclude<ArchiveKind, 'records'>,
  keys: readonly RowKey[],
  keepKeysMs: number,
): Work<RemovedRows> {
  const digests = new Map(keys.map(({ key, digest }) => [key, digest]));
  const ids = keys.map(({ key }) => key);
  const lists: Record<string, unknown>[][] = [];
  for (const { sql, params } of taskSelects((column) => dialect.isIn(column, ids), dialect.forUpdate)) {
    lists.push(yield* rows(sql, params));
  }
  const found = toTaskRows(lists);
  const same = found.filter((row) => isSame(row, digests));
  if (same.length === 0) return { deleted: 0, held: 0 };
  const { stay, held } = yield* kind === 'tasks' ? referredTo(dialect, same, keepKeysMs) : withTheirTasks(dialect, same);
  const gone = same.filter(({ key }) => !stay.has(key));
  yield* deleteTasks(dialect, gone);
  return { deleted: gone.length, held };
}

function* referredTo(
  dialect: StepDialect & ReferenceDialect,
  tasks: readonly ArchiveRow[],
  keepKeysMs: number,
): Work<{ stay: Set<string>; held: number }> {
  const held = heldFor(dialect, keepKeysMs);
  const asked = dialect.isIn('tasks.id', keysOf(tasks));
  const found = yield* rows<{ id: string; forGood: number }>(
    `SELECT tasks.id AS id, ${KEPT_FOR_GOOD} AS forGood FROM tasks WHERE ${asked.sql} AND (${KEPT_FOR_GOOD} OR ${held})`,
    asked.params,
  );
  return { stay: new Set(found.map(({ id }) => id)), held: found.filter(({ forGood }) => Number(forGood) === 0).length };
}

/** A delivery stays as long as the task that it tells of. */
function* withTheirTasks(dialect: StepDialect, deliveries: readonly ArchiveRow[]): Work<{ stay: Set<string>; held: number }> {
  const parents = [...new Set(deliveries.map(parentOf))];
  const asked = dialect.isIn('id', parents);
  const found = yield* rows<{ id: string }>(`SELECT id FROM tasks WHERE ${asked.sql}`, asked.params);
  const there = new Set(found.map(({ id }) => id));
  const stay = deliveries.filter((delivery) => there.has(parentOf(delivery))).map(({ key }) => key);
  return { stay: new Set(stay), held: stay.length };
}

function* deleteTasks(dialect: StepDialect, tasks: readonly ArchiveRow[]): Work<void> {
  if (tasks.length === 0) return;
  const { tags, schedules } = linksOf(tasks);
  yield* unlink(dialect, 'task_tags', 'tag', tags);
  yield* unlink(dialect, 'schedule_tasks', 'schedule_id', schedules);
  for (const { table, task } of [...CHILD_TABLES, { table: 'tasks', task: 'id' }]) {
    const gone = dialect.isIn(task, keysOf(tasks));
    yield* affect(`DELETE FROM ${table} WHERE ${gone.sql}`, gone.params);
  }
}

/** By what leads to the tasks, because only that is indexed. */
function* unlink(dialect: StepDialect, table: string, column: string, links: readonly [string, string][]): Work<void> {
  const groups = new Map<string, string[]>();
  for (const [from, id] of links) groups.set(from, [...(groups.get(from) ?? []), id]);
  for (const [from, ids] of groups) {
    const gone = dialect.isIn('task_id', ids);
    yield* affect(`DELETE FROM ${table} WHERE ${column} = ? AND ${gone.sql}`, [from, ...gone.params]);
  }
}

function keysOf(rows: readonly ArchiveRow[]): string[] {
  return rows.map(({ key }) => key);
}

function isSame({ key, cells }: ArchiveRow, digests: ReadonlyMap<string, string>): boolean {
  return digests.get(key) === digestOf(cells);
}
