// How fast a CSV of ten fields becomes rows, and in how much memory: node bench/import.mjs [--rows=1000000]
import { createReadStream, createWriteStream, openAsBlob } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createConnection } from 'mysql2/promise';
import { machine } from './machine.mjs';
import { watched } from './memory/rss.mjs';
import { end, start } from './processes.mjs';
import { MYSQL_URL, answers, uniqueName } from './servers.mjs';
import { until } from './until.mjs';

const API = new URL('../dist/apps/api/src/main.js', import.meta.url).pathname;
const FIELDS = ['id', 'first', 'last', 'email', 'town', 'zip', 'amount', 'day', 'active', 'note'];
/** The naive way is measured on so many rows at most. */
const MOST_NAIVE = 20_000;
const WITHIN_MS = 3_600_000;

const rows = Number(process.argv.find((argument) => argument.startsWith('--rows='))?.slice(7) ?? 1_000_000);
const folder = await mkdtemp(join(tmpdir(), 'taskwell-bench-'));
const file = join(folder, 'rows.csv');
const report = [];

try {
  await pipeline(Readable.from(csv(rows)), createWriteStream(file));
  const { size } = await stat(file);
  console.log(`${await machine()}\n${rows} rows, ${(size / 1e6).toFixed(0)} MB\n`);
  await taskwell('Taskwell, SQLite', { DATABASE_URL: `sqlite:${join(folder, 'taskwell.db')}` });
  if (await answers(MYSQL_URL)) await withDatabase(onMysql);
  else console.log('No MySQL or MariaDB answers: its rows are left out.');
  console.table(report);
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function onMysql(url) {
  await taskwell('Taskwell, MySQL', { DATABASE_URL: url });
  const connection = await createConnection({ uri: url, flags: ['+LOCAL_FILES'] });
  try {
    const columns = FIELDS.map((field) => `\`${field}\` VARCHAR(100)`).join(', ');
    await connection.query(`CREATE TABLE loaded (${columns})`);
    await connection.query('CREATE TABLE naive LIKE loaded');
    await measured('LOAD DATA LOCAL INFILE', rows, () => load(connection));
    await measured('csv-parse, one INSERT a row', Math.min(rows, MOST_NAIVE), () => naive(connection));
  } finally {
    await connection.end();
  }
}

/** From the end of the upload to the end of the task. */
async function taskwell(name, env) {
  const process = await start(API, { ...env, FILES_URL: `file:${join(folder, 'files')}`, LOG_LEVEL: 'error' });
  try {
    const form = new FormData();
    form.append('dataset', 'bench');
    form.append('file', await openAsBlob(file), 'rows.csv');
    let seconds;
    const memory = await watched(process.child.pid, async () => {
      const answer = await (await fetch(`${process.url}/api/files`, { method: 'POST', body: form })).json();
      const startedAt = performance.now();
      await until('the import is finished', () => finished(process.url, answer.batch_id), { everyMs: 50, withinMs: WITHIN_MS });
      seconds = (performance.now() - startedAt) / 1000;
    });
    line(name, rows, seconds, memory.peak);
  } finally {
    await end(process);
  }
}

async function finished(url, batch) {
  const found = await (await fetch(`${url}/api/batches/${batch}`)).json();
  if (found.finished && found.records !== rows)
    throw new Error(`Only ${found.records} of ${rows} rows: ${JSON.stringify(found)}`);
  return found.finished;
}

function load(connection) {
  const sql = `LOAD DATA LOCAL INFILE 'rows.csv' INTO TABLE loaded FIELDS TERMINATED BY ',' OPTIONALLY ENCLOSED BY '"' IGNORE 1 LINES`;
  return connection.query({ sql, infileStreamFactory: () => createReadStream(file) });
}

async function naive(connection) {
  const { parse } = await import('csv-parse');
  const sql = `INSERT INTO naive VALUES (${FIELDS.map(() => '?').join(', ')})`;
  const records = createReadStream(file).pipe(parse({ from: 2, to: MOST_NAIVE + 1 }));
  for await (const record of records) await connection.query(sql, record);
}

async function measured(name, count, work) {
  const startedAt = performance.now();
  await work();
  line(name, count, (performance.now() - startedAt) / 1000);
}

function line(name, count, seconds, peak) {
  report.push({
    way: name,
    rows: count,
    seconds: Number(seconds.toFixed(1)),
    'rows/s': Math.round(count / seconds),
    'peak RSS (MB)': peak === undefined ? '' : Math.round(peak / 1024 / 1024),
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

function* csv(count) {
  yield `${FIELDS.join(',')}\n`;
  let text = '';
  for (let n = 1; n <= count; n++) {
    text += `${n},First${n % 97},Last${n % 89},user${n}@example.com,Town ${n % 50},${10_000 + (n % 90_000)},${n / 4},2026-01-${10 + (n % 20)},${n % 2 === 0},"note, ${n}"\n`;
    if (text.length < 65_536 && n < count) continue;
    yield text;
    text = '';
  }
}
