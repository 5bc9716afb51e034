import { LeaseLost, type Lease } from '@app/tasks';
import type { ImportFile, RowSlice } from '@app/records';
import { IMPORT_BY, type ImportRow } from '../record-reads.js';
import { marks, type Statements } from './statements.js';

/** Finds or begins an import; to be run in a transaction. */
export async function beginImport(statements: Statements, lease: Lease, file: ImportFile): Promise<ImportRow> {
  const dataset = (await datasetNo(statements, file.dataset)) ?? (await newDataset(statements, file.dataset));
  await statements.affect(
    `INSERT IGNORE INTO imports (dataset_no, source, task_id, file_name, size, fields, created_at, updated_at)
     SELECT ?, ?, ?, ?, ?, '[]', UTC_TIMESTAMP(3), UTC_TIMESTAMP(3) FROM DUAL
     WHERE NOT EXISTS (SELECT 1 FROM imports WHERE dataset_no = ? AND source = ?)`,
    [dataset, file.source, lease.id, file.name, file.size, dataset, file.source],
  );
  await statements.affect('UPDATE imports SET task_id = ? WHERE dataset_no = ? AND source = ?', [lease.id, dataset, file.source]);
  const [row] = await statements.rows<ImportRow>(`${IMPORT_BY} i.dataset_no = ? AND i.source = ?`, [dataset, file.source]);
  await requireLease(statements, lease);
  return row!;
}

/**
 * Writes rows behind those that are there; to be run in a transaction. The position is moved first, so that attempts of one import take
 * turns, and the lease is looked at last, so that its row is locked for a moment only.
 */
export async function appendRows(
  statements: Statements,
  lease: Lease,
  number: number,
  slice: RowSlice,
  bytes: number,
): Promise<void> {
  const moved = await statements.affect(
    `UPDATE imports SET row_no = ?, records = records + ?, errors = errors + ?, bytes_read = ?, fields = ?, updated_at = UTC_TIMESTAMP(3)
     WHERE number = ? AND row_no = ?`,
    [slice.to, slice.rows.length, slice.errors.length, bytes, JSON.stringify(slice.fields), number, slice.after],
  );
  const [at] = await statements.rows<{ dataset: number; row: number }>(
    'SELECT dataset_no AS dataset, row_no AS `row` FROM imports WHERE number = ?',
    [number],
  );
  if (moved === 0) {
    // Our own statement from before, whose answer was lost.
    if (at?.row === slice.to) return requireLease(statements, lease);
    throw new LeaseLost(lease.id, lease.attempt);
  }
  if (slice.rows.length > 0) await statements.affect(insertRecords(at!.dataset, number, slice));
  if (slice.errors.length > 0) {
    await statements.affect(
      `INSERT INTO record_errors (dataset_no, import_no, row_no, line, reason, text) VALUES ${marks(slice.errors, '(?, ?, ?, ?, ?, ?)')}`,
      slice.errors.flatMap(({ row, line, reason, text }) => [at!.dataset, number, row, line, reason, text]),
    );
  }
  await requireLease(statements, lease);
}

/** Ends an import; to be run in a transaction. */
export async function endImport(
  statements: Statements,
  lease: Lease,
  number: number,
  { format, outcome }: { format: string | null; outcome: string },
): Promise<ImportRow> {
  await statements.affect(
    'UPDATE imports SET outcome = ?, format = ?, bytes_read = size, updated_at = UTC_TIMESTAMP(3) WHERE number = ? AND outcome IS NULL',
    [outcome, format, number],
  );
  const [row] = await statements.rows<ImportRow>(`${IMPORT_BY} i.number = ?`, [number]);
  await requireLease(statements, lease);
  return row!;
}

async function datasetNo(statements: Statements, id: string): Promise<number | undefined> {
  const [row] = await statements.rows<{ number: number }>('SELECT number FROM datasets WHERE id = ?', [id]);
  return row?.number;
}

async function newDataset(statements: Statements, id: string): Promise<number> {
  await statements.affect('INSERT IGNORE INTO datasets (id, created_at) VALUES (?, UTC_TIMESTAMP(3))', [id]);
  return (await datasetNo(statements, id))!;
}

/** Nobody else is granted the task before this transaction ends. @throws LeaseLost */
async function requireLease(statements: Statements, { id, attempt }: Lease): Promise<void> {
  const held = await statements.rows(
    `SELECT id FROM tasks FORCE INDEX (PRIMARY) WHERE id = ? AND status = 'PROCESSING' AND attempt = ? FOR UPDATE`,
    [id, attempt],
  );
  if (held.length === 0) throw new LeaseLost(id, attempt);
}

/**
 * One statement as text. The driver's own way of writing values costs as much time as all the rest of the import: it looks for twelve
 * characters one by one, of which JSON has a dozen in every row. In JSON only two of them mean something to MySQL.
 */
function insertRecords(dataset: number, number: number, { numbers, rows }: RowSlice): string {
  const prefix = `(${dataset},${number},`;
  let values = '';
  for (let index = 0; index < rows.length; index++) {
    values += `${index === 0 ? '' : ','}${prefix}${numbers[index]!},'${literal(rows[index]!)}')`;
  }
  return `INSERT INTO records (dataset_no, import_no, row_no, data) VALUES ${values}`;
}

/** JSON text within a string literal. It holds no NUL, and the session's sql_mode lets a backslash escape. */
function literal(json: string): string {
  return json.replaceAll('\\', '\\\\').replaceAll("'", "''");
}
