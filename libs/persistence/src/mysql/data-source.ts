import type { Socket } from 'node:net';
import mysql, { type Pool, type PoolConnection, type PoolOptions } from 'mysql2';
import type { DataSourceOptions } from 'typeorm';
import type { DatabaseSettings } from '../database-settings.js';
import { CreateTasks1764547200000 } from '../migrations/mysql/1764547200000-create-tasks.js';
import { WidenTasks1796083200000 } from '../migrations/mysql/1796083200000-widen-tasks.js';
import { AddSchedules1796169600000 } from '../migrations/mysql/1796169600000-add-schedules.js';
import { AddCallbacks1796256000000 } from '../migrations/mysql/1796256000000-add-callbacks.js';
import { AddFailureNotices1796342400000 } from '../migrations/mysql/1796342400000-add-failure-notices.js';
import { AddAccess1796688000000 } from '../migrations/mysql/1796688000000-add-access.js';
import { AddRecords1796515200000 } from '../migrations/mysql/1796515200000-add-records.js';
import { AddArchives1796601600000 } from '../migrations/mysql/1796601600000-add-archives.js';
import { AddOperations1796774400000 } from '../migrations/mysql/1796774400000-add-operations.js';
import { AddTraceparent1796860800000 } from '../migrations/mysql/1796860800000-add-traceparent.js';

/** More units of work than this waiting for a connection mean that the database hangs: the next ones are refused at once. */
const MOST_WAITING = 10_000;

/** Lock waits end well before the deadline of a unit of work (2.5 s unless set otherwise), so that it can be tried again. */
const LOCK_WAIT_SECONDS = 1;

const SESSION = [
  // Under REPEATABLE READ a claim's gap locks block plain inserts.
  'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
  `SET SESSION time_zone = '+00:00', innodb_lock_wait_timeout = ${LOCK_WAIT_SECONDS},
   sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'`,
];

/** What `?tls=` can be: whose certificates a server may show. */
const TLS: Record<string, object | string> = { system: {}, 'amazon-rds': 'Amazon RDS' };

/** TypeORM's options for the database that `databaseUrl` names (`mysql://user:password@host:port/database`, `?tls=system` for TLS). */
export function mysqlOptions(settings: DatabaseSettings): DataSourceOptions {
  const url = new URL(settings.databaseUrl);
  return {
    type: 'mysql',
    driver: { ...mysql, createPool: (options: PoolOptions) => createPool(options, settings.databaseTimeoutMs) },
    host: url.hostname,
    port: url.port ? Number(url.port) : 3306,
    username: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)),
    ssl: tlsOf(url),
    charset: 'utf8mb4',
    timezone: 'Z',
    supportBigNumbers: true,
    bigNumberStrings: false,
    connectTimeout: settings.databaseTimeoutMs,
    poolSize: settings.databasePoolSize,
    extra: { queueLimit: MOST_WAITING },
    migrations: [
      CreateTasks1764547200000,
      WidenTasks1796083200000,
      AddSchedules1796169600000,
      AddCallbacks1796256000000,
      AddFailureNotices1796342400000,
      AddRecords1796515200000,
      AddArchives1796601600000,
      AddAccess1796688000000,
      AddOperations1796774400000,
      AddTraceparent1796860800000,
    ],
  };
}

function tlsOf({ searchParams }: URL): object | string | undefined {
  const name = searchParams.get('tls');
  if (name === null) return undefined;
  const tls = TLS[name];
  if (tls === undefined) throw new Error(`DATABASE_URL has tls=${name}; it can be ${Object.keys(TLS).join(' or ')}.`);
  return tls;
}

/** Breaks a connection at once. Unlike mysql2's `destroy()`, this tells the statements that still wait for an answer. */
export function kill(connection: PoolConnection, reason: string): void {
  const { stream } = connection as unknown as { stream: Socket };
  stream.destroy(Object.assign(new Error(reason), { code: 'ETIMEDOUT' }));
}

function createPool(options: PoolOptions, timeoutMs: number): Pool {
  const pool = mysql.createPool(options);
  pool.on('connection', (connection: PoolConnection) => {
    // mysql2 listens for the first error only; a second one without a listener would end the process.
    connection.on('error', () => undefined);
    for (const sql of SESSION) {
      connection.query({ sql, timeout: timeoutMs }, (error) => {
        if (error) kill(connection, `The session could not be set up: ${error.message}`);
      });
    }
  });
  return pool;
}
