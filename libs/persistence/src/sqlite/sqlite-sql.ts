import type { Sql, Statement } from '../shared/sql.js';
import type { SqliteFile } from './sqlite-file.js';

const NOW = `CAST(unixepoch('subsec') * 1000 AS INTEGER)`;

/** Statements on the SQLite file. */
export class SqliteSql implements Sql {
  readonly now = NOW;
  readonly ago = `(${NOW} - ?)`;
  readonly ahead = `(${NOW} + ?)`;

  constructor(private readonly file: SqliteFile) {}

  rows<R>(sql: string, params: readonly unknown[] = []): Promise<R[]> {
    return this.file.rows<R>(sql, params);
  }

  together(statements: readonly Statement[], mayBeLost = false): Promise<number[]> {
    return this.file.call(mayBeLost ? 'togetherLightly' : 'together', statements);
  }

  millisecondsFrom(earlier: string, later: string): string {
    return `(${later} - ${earlier})`;
  }

  instant(at: Date): number {
    return at.getTime();
  }

  useIndex(name: string): string {
    return name === 'PRIMARY' ? '' : `INDEXED BY ${name}`;
  }

  among(values: readonly string[]): Statement {
    return { sql: '(SELECT value FROM json_each(?))', params: [JSON.stringify(values)] };
  }

  onDuplicate(key: readonly string[], columns: readonly string[]): string {
    const set = columns.map((column) => `${column} = excluded.${column}`).join(', ');
    return `ON CONFLICT (${key.join(', ')}) DO ${columns.length > 0 ? `UPDATE SET ${set}` : 'NOTHING'}`;
  }
}
