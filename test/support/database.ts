import { randomBytes } from 'node:crypto';
import { createPool, type Pool, type RowDataPacket } from 'mysql2/promise';
import { eventually } from './eventually.js';
import type { Scope } from './scope.js';
import { MYSQL_URL } from './servers.mjs';

/** What the journeys look at in a row of `tasks`. */
export interface StoredTask {
  id: string;
  status: string;
  attempt: number;
  failures: number;
  crashes: number;
  worker_id: string | null;
  result: string | null;
}

/** A MySQL database of its own, gone when the scope ends. */
export class TestDatabase {
  private constructor(
    readonly name: string,
    /** For `DATABASE_URL`. */
    readonly url: string,
    private readonly pool: Pool,
  ) {}

  static async create(scope: Scope): Promise<TestDatabase> {
    const name = `taskwell_test_${randomBytes(6).toString('hex')}`;
    const pool = createPool({ uri: MYSQL_URL, connectionLimit: 2, timezone: 'Z' });
    await pool.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
    scope.onEnd(async () => {
      await pool.query(`DROP DATABASE IF EXISTS ${name}`);
      await pool.end();
    });
    const url = new URL(MYSQL_URL);
    url.pathname = `/${name}`;
    return new TestDatabase(name, url.href, pool);
  }

  /** Runs one statement. `tasks` and the other tables must be written as `{db}.tasks`. */
  async rows<R>(sql: string, params: unknown[] = []): Promise<R[]> {
    const [rows] = await this.pool.query<RowDataPacket[]>(sql.replaceAll('{db}', this.name), params);
    return rows as R[];
  }

  /** How many rows of `tasks` meet a condition. */
  async count(where = '1 = 1', params: unknown[] = []): Promise<number> {
    const [row] = await this.rows<{ n: number }>(`SELECT COUNT(*) AS n FROM {db}.tasks WHERE ${where}`, params);
    return row!.n;
  }

  /** Resolves when these tasks are COMPLETED. @throws Error after `within` milliseconds with the numbers by status. */
  async untilCompleted(ids: readonly string[], within: number): Promise<void> {
    await eventually(
      `all ${ids.length} accepted tasks are COMPLETED`,
      async () => {
        const states = await this.rows<{ status: string; n: number }>(
          'SELECT status, COUNT(*) AS n FROM {db}.tasks WHERE id IN (?) GROUP BY status',
          [ids],
        );
        if (states.length === 1 && states[0]!.status === 'COMPLETED' && states[0]!.n === ids.length) return true;
        throw new Error(states.map(({ status, n }) => `${n} ${status}`).join(', ') || 'no rows');
      },
      { within, every: 100 },
    );
  }

  /** Those of the ids that have no row. */
  async missing(ids: readonly string[]): Promise<string[]> {
    if (ids.length === 0) return [];
    const rows = await this.rows<{ id: string }>('SELECT id FROM {db}.tasks WHERE id IN (?)', [ids]);
    const found = new Set(rows.map(({ id }) => id));
    return ids.filter((id) => !found.has(id));
  }

  /** One row of `tasks`, all columns as they are stored. */
  async task(id: string): Promise<StoredTask> {
    const [row] = await this.rows<StoredTask>('SELECT * FROM {db}.tasks WHERE id = ?', [id]);
    if (!row) throw new Error(`There is no task ${id}.`);
    return row;
  }
}
