import { LeaseLost, type Lease } from '@app/tasks';
import type { ImportFile, ImportState, RowPosition, RowSlice } from '@app/records';
import { SqlRecordStore } from '../record-reads.js';
import type { SqliteFile } from './sqlite-file.js';

/** Rows of files in the SQLite file of this process. See {@link RecordStore} for what the methods mean. */
export class SqliteRecordStore extends SqlRecordStore {
  /** Some 10 ms of the file's thread. */
  readonly sliceRows = 500;
  readonly sliceLength = 256 * 1024;

  protected readonly dialect = {
    after: (at: RowPosition) => ({ sql: '(import_no, row_no) > (?, ?)', params: [at.import, at.row] }),
    fieldIs: `CASE json_type(data, ?) WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' ELSE CAST(json_extract(data, ?) AS TEXT) END = ?`,
    paths: 2,
    window: 2_000,
  };

  constructor(private readonly file: SqliteFile) {
    super();
  }

  async begin(lease: Lease, file: ImportFile): Promise<ImportState> {
    return stillHeld(await this.file.call('beginImport', lease, file), lease);
  }

  async append(lease: Lease, number: number, slice: RowSlice, bytes: number): Promise<void> {
    stillHeld((await this.file.call('appendRows', lease, number, slice, bytes)) || null, lease);
  }

  async end(lease: Lease, number: number, result: { format: string | null; outcome: string }): Promise<ImportState> {
    return stillHeld(await this.file.call('endImport', lease, number, result), lease);
  }

  protected rows<R>(sql: string, params: readonly unknown[]): Promise<R[]> {
    return this.file.rows<R>(sql, params);
  }
}

/** @throws LeaseLost */
function stillHeld<T>(answer: T | null, lease: Lease): T {
  if (answer === null) throw new LeaseLost(lease.id, lease.attempt);
  return answer;
}
