import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const root = join(import.meta.dirname, '..');
const require = createRequire(join(root, 'package.json'));
const MYSQL_URL = process.env.TEST_MYSQL_URL ?? 'mysql://root@127.0.0.1:3306';
const AMQP_URL = process.env.TEST_AMQP_URL ?? 'amqp://guest:guest@127.0.0.1:5672';
const COMMON = { NODE_ENV: 'production', LOG_LEVEL: 'warn', PLAIN_TASK_MS: '0' };

/** Taskwell as one process on SQLite in a folder of its own. */
export async function embedded() {
  const folder = mkdtempSync(join(tmpdir(), 'taskwell-bench-'));
  const port = await freePort();
  const api = await start('api', port, { PORT: port, DATABASE_URL: `sqlite:${folder}/taskwell.db` });
  return {
    name: 'embedded (SQLite)',
    url: `http://127.0.0.1:${port}`,
    async stop() {
      await end(api);
      rmSync(folder, { recursive: true });
    },
  };
}

/** One API and one worker process on MySQL or MariaDB and RabbitMQ, in a database and queues of their own. */
export async function mysqlAndRabbitmq() {
  const name = `taskwell_bench_${process.pid}_${Date.now()}`;
  const mysql = require('mysql2/promise');
  const connection = await mysql.createConnection(MYSQL_URL);
  await connection.query(`CREATE DATABASE ${name}`);
  const shared = { DATABASE_URL: `${MYSQL_URL}/${name}`, TRANSPORT_URL: AMQP_URL, QUEUE_PREFIX: name };
  const [port, workerPort] = [await freePort(), await freePort()];
  const api = await start('api', port, { ...shared, PORT: port });
  const worker = await start('worker', workerPort, { ...shared, WORKER_PORT: workerPort });
  return {
    name: 'MySQL + RabbitMQ',
    url: `http://127.0.0.1:${port}`,
    async stop() {
      await Promise.all([end(api), end(worker)]);
      await connection.query(`DROP DATABASE ${name}`);
      await connection.end();
      await deleteQueues(name);
    },
  };
}

async function start(app, port, env) {
  const child = spawn(process.execPath, [join(root, `dist/apps/${app}/src/main.js`)], {
    env: { ...process.env, ...COMMON, ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  for (let tries = 0; tries < 100; tries++) {
    const ready = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null);
    if (ready?.ok) return child;
    await wait(100);
  }
  child.kill('SIGKILL');
  throw new Error(`The ${app} did not get ready.`);
}

async function end(child) {
  child.kill('SIGTERM');
  await once(child, 'exit');
}

async function deleteQueues(prefix) {
  const connection = await require('amqplib').connect(AMQP_URL);
  const channel = await connection.createChannel();
  for (const queue of ['due.high', 'due.normal', 'due.low', 'dead']) await channel.deleteQueue(`${prefix}.${queue}`);
  await connection.close();
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}
