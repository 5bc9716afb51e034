import type { Lease } from '@app/tasks';
import type { ImportFile, ImportState, RowPosition, RowSlice } from '@app/records';
import { SqlRecordStore } from '../record-reads.js';
import type { MysqlDatabase } from './mysql-database.js';
import { appendRows, beginImport, endImport } from './records.js';

/** Rows of files in MySQL or MariaDB. See {@link RecordStore} for what the methods mean. */
export class MysqlRecordStore extends SqlRecordStore {
  readonly sliceRows = 2_000;
  readonly sliceLength = 512 * 1024;

  protected readonly dialect = {
    // A row value would not be found by the key.
    after: (at: RowPosition) => ({
      sql: '(import_no > ? OR (import_no = ? AND row_no > ?))',
      params: [at.import, at.import, at.row],
    }),
    fieldIs: 'JSON_UNQUOTE(JSON_EXTRACT(data, ?)) = ?',
    paths: 1,
    window: 10_000,
  };

  constructor(private readonly db: MysqlDatabase) {
    super();
  }

  begin(lease: Lease, file: ImportFile): Promise<ImportState> {
    return this.db.transaction((statements) => beginImport(statements, lease, file));
  }

  append(lease: Lease, number: number, slice: RowSlice, bytes: number): Promise<void> {
    return this.db.transaction((statements) => appendRows(statements, lease, number, slice, bytes));
  }

  end(lease: Lease, number: number, result: { format: string | null; outcome: string }): Promise<ImportState> {
    return this.db.transaction((statements) => endImport(statements, lease, number, result));
  }

  protected rows<R>(sql: string, params: readonly unknown[]): Promise<R[]> {
    return this.db.rows<R>(sql, params);
  }
}
