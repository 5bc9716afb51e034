import { randomBytes } from 'node:crypto';
import mysql from 'mysql2/promise';

const SERVER = process.env.TEST_MYSQL_URL ?? 'mysql://root@127.0.0.1:3306';

/** An empty database of the test's own. */
export interface TestDatabase {
  url: string;
  query(sql: string, params?: unknown[]): Promise<Record<string, unknown>[]>;
  drop(): Promise<void>;
}

/** Why the tests that need MySQL are left out; null if they can run. With REQUIRE_SERVERS=1 they are never left out. */
export async function whyNoMysql(): Promise<string | null> {
  try {
    const connection = await mysql.createConnection({ uri: SERVER, connectTimeout: 2_000 });
    await connection.end();
    return null;
  } catch (error) {
    if (process.env.REQUIRE_SERVERS === '1') throw error;
    return `no MySQL at ${new URL(SERVER).host} (${(error as Error).message}); TEST_MYSQL_URL names another one`;
  }
}

/** Makes a database and a connection to it that nothing under test goes through. */
export async function createDatabase(): Promise<TestDatabase> {
  const name = `taskwell_test_${process.pid}_${randomBytes(4).toString('hex')}`;
  const connection = await mysql.createConnection({ uri: SERVER, multipleStatements: true, timezone: 'Z' });
  await connection.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4; USE ${name}`);
  // MySQL 9 explains as a tree unless told otherwise; MariaDB knows tables only, and not this setting.
  await connection.query(`SET explain_format = 'TRADITIONAL'`).catch(() => undefined);
  const url = new URL(SERVER);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    async query(sql, params) {
      const [rows] = await connection.query(sql, params);
      return rows as Record<string, unknown>[];
    },
    async drop() {
      await connection.query(`DROP DATABASE ${name}`);
      await connection.end();
    },
  };
}
