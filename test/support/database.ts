import { randomBytes } from 'node:crypto';
import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise';
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

/** A MySQL database of a test's own, and a connection to it that nothing under test goes through. */
export class TestDatabase {
  private constructor(
    readonly name: string,
    /** For `DATABASE_URL`. */
    readonly url: string,
    private connection: Connection,
  ) {}

  private renewal?: Promise<void>;

  /** Makes an empty database on the server, the shared one unless given; the scope drops it, or who gives none. */
  static async create(scope?: Scope, server = MYSQL_URL): Promise<TestDatabase> {
    const name = `taskwell_test_${randomBytes(6).toString('hex')}`;
    const connection = await connectTo(server);
    await connection.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4; USE ${name}`);
    // MySQL 9 explains as a tree unless told otherwise; MariaDB knows tables only, and not this setting.
    await connection.query(`SET explain_format = 'TRADITIONAL'`).catch(() => undefined);
    const url = new URL(server);
    url.pathname = `/${name}`;
    const database = new TestDatabase(name, url.href, connection);
    scope?.onEnd(() => database.drop());
    return database;
  }

  /** Takes a new connection, after the server was away. */
  async reconnect(): Promise<void> {
    this.renewal ??= this.renew().finally(() => (this.renewal = undefined));
    await this.renewal;
  }

  /** Runs one or several statements, always on the same connection. */
  async run(sql: string, params: unknown[] = []): Promise<void> {
    await this.connection.query(sql, params);
  }

  /** Runs one statement and answers its rows. `{db}` stands for the name of the database. */
  async rows<R = Record<string, unknown>>(sql: string, params: unknown[] = []): Promise<R[]> {
    const [rows] = await this.connection.query<RowDataPacket[]>(sql.replaceAll('{db}', this.name), params);
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

  private async renew(): Promise<void> {
    const former = this.connection;
    this.connection = await connectTo(this.url);
    // Whoever still waits on it gets an answer first.
    former.end().catch(() => {});
  }

  async drop(): Promise<void> {
    await this.connection.query(`DROP DATABASE IF EXISTS ${this.name}`);
    await this.connection.end();
  }
}

async function connectTo(url: string): Promise<Connection> {
  const connection = await createConnection({ uri: url, multipleStatements: true, timezone: 'Z' });
  // Whoever asks next is told; without a listener it would end the process.
  connection.on('error', () => {});
  return connection;
}
