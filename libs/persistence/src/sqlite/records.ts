import type { Lease } from '@app/tasks';
import type { ImportFile, RowSlice } from '@app/records';
import { IMPORT_BY, type ImportRow } from '../record-reads.js';
import type { SqliteDatabase } from './sqlite-database.js';

const HELD = `SELECT id FROM tasks WHERE id = ? AND status = 'PROCESSING' AND attempt = ?`;
const INSERT = 'INSERT INTO records (dataset_no, import_no, row_no, data) VALUES (?, ?, ?, ?)';
const INSERT_ERROR = 'INSERT INTO record_errors (dataset_no, import_no, row_no, line, reason, text) VALUES (?, ?, ?, ?, ?, ?)';

/** Null if the attempt does not hold its lease any more; so do the others. */
export function beginImport(db: SqliteDatabase, now: number, lease: Lease, file: ImportFile): ImportRow | null {
  if (!isHeld(db, lease)) return null;
  db.affect('INSERT INTO datasets (id, created_at) VALUES (?, ?) ON CONFLICT (id) DO NOTHING', [file.dataset, now]);
  const [dataset] = db.rows<{ number: number }>('SELECT number FROM datasets WHERE id = ?', [file.dataset]);
  db.affect(
    `INSERT INTO imports (dataset_no, source, task_id, file_name, size, fields, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, '[]', ?, ?) ON CONFLICT (dataset_no, source) DO UPDATE SET task_id = excluded.task_id`,
    [dataset!.number, file.source, lease.id, file.name, file.size, now, now],
  );
  return db.rows<ImportRow>(`${IMPORT_BY} i.dataset_no = ? AND i.source = ?`, [dataset!.number, file.source])[0]!;
}

/** Answers whether the rows are there. */
export function appendRows(
  db: SqliteDatabase,
  now: number,
  lease: Lease,
  number: number,
  slice: RowSlice,
  bytes: number,
): boolean {
  if (!isHeld(db, lease)) return false;
  const [at] = db.rows<{ dataset: number; row: number }>(
    'SELECT dataset_no AS dataset, row_no AS row FROM imports WHERE number = ?',
    [number],
  );
  if (at?.row !== slice.after) return at?.row === slice.to;
  const { numbers, rows, errors } = slice;
  for (let index = 0; index < rows.length; index++) db.affect(INSERT, [at.dataset, number, numbers[index], rows[index]]);
  for (const { row, line, reason, text } of errors) db.affect(INSERT_ERROR, [at.dataset, number, row, line, reason, text]);
  db.affect(
    `UPDATE imports SET row_no = ?, records = records + ?, errors = errors + ?, bytes_read = ?, fields = ?, updated_at = ? WHERE number = ?`,
    [slice.to, rows.length, errors.length, bytes, JSON.stringify(slice.fields), now, number],
  );
  return true;
}

export function endImport(
  db: SqliteDatabase,
  now: number,
  lease: Lease,
  number: number,
  { format, outcome }: { format: string | null; outcome: string },
): ImportRow | null {
  if (!isHeld(db, lease)) return null;
  db.affect(
    'UPDATE imports SET outcome = ?, format = ?, bytes_read = size, updated_at = ? WHERE number = ? AND outcome IS NULL',
    [outcome, format, now, number],
  );
  return db.rows<ImportRow>(`${IMPORT_BY} i.number = ?`, [number])[0]!;
}

function isHeld(db: SqliteDatabase, { id, attempt }: Lease): boolean {
  return db.rows(HELD, [id, attempt]).length === 1;
}
