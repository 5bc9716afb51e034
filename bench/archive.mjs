// How fast records become an archive, are deleted and come back, and in how much memory: node bench/archive.mjs [--rows=1000000]
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Libsql from 'libsql';
import { createConnection } from 'mysql2/promise';
import { machine } from './machine.mjs';
import { watched } from './memory/rss.mjs';
import { end, start } from './processes.mjs';
import { MYSQL_URL, answers, uniqueName } from './servers.mjs';
import { until } from './until.mjs';

const API = new URL('../dist/apps/api/src/main.js', import.meta.url).pathname;
const WITHIN_MS = 3_600_000;
/** The import that the rows came of ended a minute ago. */
const ENDED_AT = new Date(Date.now() - 60_000);
const BATCH = 1_000;

const IMPORT = `INSERT INTO imports (number, dataset_no, source, task_id, file_name, size, format, fields, row_no, records, outcome, created_at, updated_at)
  VALUES (1, 1, 's', '00000000-0000-7000-8000-000000000000', 'rows.csv', 1, 'csv', '[]', ?, ?, '', ?, ?)`;

const rows = Number(process.argv.find((argument) => argument.startsWith('--rows='))?.slice(7) ?? 1_000_000);
const folder = await mkdtemp(join(tmpdir(), 'taskwell-bench-'));
const report = [];

try {
  console.log(`${await machine()}\n${rows} records of ten fields\n`);
  const path = join(folder, 'taskwell.db');
  await archived('SQLite', { DATABASE_URL: `sqlite:${path}` }, () => fillSqlite(path));
  if (await answers(MYSQL_URL)) await withDatabase((url) => archived('MySQL', { DATABASE_URL: url }, () => fillMysql(url)));
  else console.log('No MySQL or MariaDB answers: its rows are left out.');
  console.table(report);
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** One process, and ARCHIVE_URL if it is set; otherwise a folder. */
async function archived(name, env, fill) {
  const settings = {
    ...env,
    ARCHIVE_URL: process.env.ARCHIVE_URL ?? `file:${join(folder, name)}`,
    S3_ENDPOINT: process.env.S3_ENDPOINT ?? '',
    ARCHIVE_DELETE: 'true',
    ARCHIVE_POLL_SECONDS: 1,
    LOG_LEVEL: 'error',
  };
  // Makes the schema.
  const first = await start(API, settings);
  await until('the schema is there', () => answersWell(first.url));
  await end(first);
  await fill();

  const { child, url } = await start(API, settings);
  try {
    const period = {
      from: new Date(ENDED_AT.getTime() - 1_000).toISOString(),
      to: new Date(ENDED_AT.getTime() + 1_000).toISOString(),
    };
    let id;
    let verified;
    const making = await watched(child.pid, async () => {
      const { archive_id } = await call(url, '/api/archives', period);
      id = archive_id;
      await finished(url, archive_id);
      verified = await call(url, `/api/archives/${archive_id}`);
    });
    const { created_at, verified_at, completed_at, deleted, files } = verified;
    const bytes = files.reduce((sum, { size }) => sum + size, 0);
    line(name, `export (${Math.round(bytes / 1e6)} MB) and look`, Date.parse(verified_at) - Date.parse(created_at), making.peak);
    line(name, 'delete', Date.parse(completed_at) - Date.parse(verified_at), making.peak);
    if (deleted !== rows) throw new Error(`${deleted} of ${rows} rows were deleted.`);

    const startedAt = performance.now();
    const restoring = await watched(child.pid, async () => {
      const { task_id } = await call(url, `/api/archives/${id}/restore`, {});
      await finished(url, task_id);
    });
    line(name, 'restore', performance.now() - startedAt, restoring.peak);
    const { restored } = await call(url, `/api/archives/${id}`);
    if (restored !== rows) throw new Error(`${restored} of ${rows} rows came back.`);
  } finally {
    await end({ child });
  }
}

async function call(url, path, body) {
  const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const answer = await fetch(url + path, body ? post : {});
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

async function answersWell(url) {
  return (await fetch(`${url}/readyz`)).ok;
}

function finished(url, id) {
  const ended = async () => {
    const { status, error } = await call(url, `/api/tasks/${id}`);
    if (status === 'FAILED') throw new Error(JSON.stringify(error));
    return status === 'COMPLETED';
  };
  return until('the task has ended', ended, { everyMs: 100, withinMs: WITHIN_MS });
}

function recordOf(n) {
  return `{"id":"${n}","first":"First${n % 97}","last":"Last${n % 89}","email":"user${n}@example.com","town":"Town ${n % 50}","zip":"${10_000 + (n % 90_000)}","amount":"${n / 4}","day":"2026-01-${10 + (n % 20)}","active":"${n % 2 === 0}","note":"note, ${n}"}`;
}

function fillSqlite(path) {
  const database = new Libsql(path);
  database.exec('BEGIN');
  database.prepare('INSERT INTO datasets (number, id, created_at) VALUES (1, ?, 0)').run('bench');
  database.prepare(IMPORT).run(rows, rows, 0, ENDED_AT.getTime());
  const insert = database.prepare('INSERT INTO records (dataset_no, import_no, row_no, data) VALUES (1, 1, ?, ?)');
  for (let n = 1; n <= rows; n++) insert.run(n, recordOf(n));
  database.exec('COMMIT');
  database.close();
}

async function fillMysql(url) {
  const connection = await createConnection({ uri: url, timezone: 'Z' });
  await connection.query('INSERT INTO datasets (number, id, created_at) VALUES (1, ?, UTC_TIMESTAMP(3))', ['bench']);
  await connection.query(IMPORT, [rows, rows, ENDED_AT, ENDED_AT]);
  for (let from = 1; from <= rows; from += BATCH) {
    const values = Array.from({ length: Math.min(BATCH, rows - from + 1) }, (_, index) => [
      1,
      1,
      from + index,
      recordOf(from + index),
    ]);
    await connection.query('INSERT INTO records (dataset_no, import_no, row_no, data) VALUES ?', [values]);
  }
  await connection.end();
}

function line(database, step, ms, peak) {
  report.push({
    database,
    step,
    seconds: Number((ms / 1000).toFixed(1)),
    'rows/s': Math.round(rows / (ms / 1000)),
    'peak RSS (MB)': Math.round(peak / 1024 / 1024),
  });
}

async function withDatabase(work) {
  const name = uniqueName();
  const connection = await createConnection(MYSQL_URL);
  await connection.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
  try {
    const url = new URL(MYSQL_URL);
    url.pathname = `/${name}`;
    await work(url.href);
  } finally {
    await connection.query(`DROP DATABASE ${name}`);
    await connection.end();
  }
}
