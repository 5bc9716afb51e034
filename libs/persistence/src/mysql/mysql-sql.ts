import type { Sql, Statement } from '../shared/sql.js';
import type { MysqlDatabase } from './mysql-database.js';
import { ascii, marks } from './statements.js';

/** Statements on MySQL or MariaDB. */
export class MysqlSql implements Sql {
  readonly now = 'UTC_TIMESTAMP(3)';
  readonly ago = '(UTC_TIMESTAMP(3) - INTERVAL (? * 1000) MICROSECOND)';
  readonly ahead = '(UTC_TIMESTAMP(3) + INTERVAL (? * 1000) MICROSECOND)';

  constructor(private readonly db: MysqlDatabase) {}

  rows<R>(sql: string, params: readonly unknown[] = []): Promise<R[]> {
    return this.db.rows<R>(sql, params);
  }

  async together(given: readonly Statement[]): Promise<number[]> {
    if (given.length === 1) return [await this.db.affect(given[0]!.sql, given[0]!.params)];
    return this.db.transaction(async (statements) => {
      const affected: number[] = [];
      for (const { sql, params } of given) affected.push(await statements.affect(sql, params));
      return affected;
    });
  }

  millisecondsFrom(earlier: string, later: string): string {
    return `TIMESTAMPDIFF(MICROSECOND, ${earlier}, ${later}) / 1000`;
  }

  instant(at: Date): Date {
    return at;
  }

  useIndex(name: string): string {
    return `FORCE INDEX (${name})`;
  }

  among(values: readonly string[]): Statement {
    return { sql: `(${marks(values)})`, params: values.map(ascii) };
  }

  onDuplicate(key: readonly string[], columns: readonly string[]): string {
    const changed = columns.length > 0 ? columns : key;
    const set =
      columns.length > 0 ? (column: string) => `${column} = VALUES(${column})` : (column: string) => `${column} = ${column}`;
    return `ON DUPLICATE KEY UPDATE ${changed.map(set).join(', ')}`;
  }
}
