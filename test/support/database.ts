import { randomBytes } from 'node:crypto';
import { createPool, type Pool, type RowDataPacket } from 'mysql2/promise';
import { eventually } from './eventually.js';
import type { Scope } from './scope.js';
import { MYSQL_URL } from './servers.mjs';

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

  /** Resolves when every row is COMPLETED, and there are `count` of them. */
  async untilCompleted(count: number, within: number): Promise<void> {
    await eventually(
      `all ${count} tasks are COMPLETED`,
      async () => {
        const states = await this.rows<{ status: string; n: number }>(
          'SELECT status, COUNT(*) AS n FROM {db}.tasks GROUP BY status',
        );
        const [only] = states;
        if (states.length === 1 && only!.status === 'COMPLETED' && only!.n === count) return true;
        throw new Error(states.map(({ status, n }) => `${status} ${n}`).join(', ') || 'no rows');
      },
      { within, every: 100 },
    );
  }
}
