import type { PoolConnection, QueryOptions, ResultSetHeader } from 'mysql2';

/** Runs statements on one connection, one after another. */
export class Statements {
  constructor(private readonly connection: PoolConnection) {}

  async rows<R>(sql: string, params: readonly unknown[] = []): Promise<R[]> {
    return (await this.run(sql, params)) as R[];
  }

  /** Rows as lists of their columns, in the order of the select list. */
  async lists<R extends readonly unknown[]>(sql: string, params: readonly unknown[]): Promise<R[]> {
    return (await this.run({ sql, rowsAsArray: true }, params)) as R[];
  }

  /** Answers how many rows met the condition, also those that had the new values already. */
  async affect(sql: string, params: readonly unknown[] = []): Promise<number> {
    return ((await this.run(sql, params)) as ResultSetHeader).affectedRows;
  }

  private run(sql: string | QueryOptions, params: readonly unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.connection.query(sql as string, params as unknown[], (error, result) => (error ? reject(error) : resolve(result)));
    });
  }
}

/** As many question marks as there are values, for an IN list. */
export function marks(values: readonly unknown[], mark = '?'): string {
  return values.map(() => mark).join(', ');
}

/**
 * Ids and types are ASCII in the database, and MySQL refuses to compare them with anything else. A client's text that is not
 * ASCII becomes one that nothing is called.
 */
export function ascii(text: string): string {
  return /\P{ASCII}/u.test(text) ? '' : text;
}
