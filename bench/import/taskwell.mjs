import { openAsBlob, readFileSync } from 'node:fs';
import { join } from 'node:path';
import amqp from 'amqplib';
import { createConnection } from 'mysql2/promise';
import { mostOf } from '../memory/rss.mjs';
import { end, start } from '../processes.mjs';
import { AMQP_URL } from '../servers.mjs';
import { API, WORKER } from '../systems/taskwell.mjs';
import { until } from '../until.mjs';
import { withDatabase } from './database.mjs';

const WITHIN_MS = 3_600_000;
const TICKS_PER_SECOND = 100;
const QUEUES = ['due.high', 'due.normal', 'due.low', 'dead'];

/** Everything in one process, on SQLite. */
export async function embedded({ folder, path, rows }) {
  const env = { ...settings(folder), DATABASE_URL: `sqlite:${join(folder, 'taskwell.db')}` };
  const process = await start(API, env);
  try {
    const figures = await imported({ api: process, importer: () => process, path, rows });
    return { what: 'Taskwell, one process, SQLite', ...figures };
  } finally {
    await end(process);
  }
}

/** An API and a worker; the worker's figures. It may be killed in the middle, some times. */
export function worker({ folder, path, rows, kills }) {
  return withDatabase(async ({ name, url }) => {
    const env = { ...settings(folder), DATABASE_URL: url, TRANSPORT_URL: AMQP_URL, QUEUE_PREFIX: name };
    const startWorker = () => start(WORKER, env, 'WORKER_PORT');
    const api = await start(API, env);
    let current = await startWorker();
    try {
      const restart = async () => {
        current.child.kill('SIGKILL');
        current = await startWorker();
      };
      const figures = await imported({ api, importer: () => current, path, rows, kills, restart });
      await assertWhole(url, rows);
      const suffix = kills === 0 ? '' : `, killed ${kills} times`;
      return { what: `Taskwell, a worker, MySQL${suffix}`, ...figures };
    } finally {
      await Promise.all([end(current), end(api)]);
      await removeQueues(name);
    }
  });
}

/** From the answer to the upload to the end of the task. */
async function imported({ api, importer, path, rows, kills = 0, restart }) {
  const form = new FormData();
  form.append('dataset', 'bench');
  form.append('file', await openAsBlob(path), 'rows.csv');
  const answer = await fetch(`${api.url}/api/files`, { method: 'POST', body: form });
  const { batch_id: batch } = await answer.json();

  const startedAt = performance.now();
  const cpuBefore = cpuSeconds(importer().child.pid);
  let killed = 0;
  let peak = 0;
  const look = async () => {
    const found = await (await fetch(`${api.url}/api/batches/${batch}`)).json();
    peak = Math.max(peak, mostOf(importer().child.pid));
    if (!found.finished && killed < kills && found.records > (rows * (killed + 1)) / (kills + 1)) {
      killed++;
      await restart();
    }
    return found.finished && found;
  };
  const { records } = await until('the import is finished', look, { everyMs: 100, withinMs: WITHIN_MS });
  if (records !== rows || killed !== kills) throw new Error(`${records} of ${rows} rows after ${killed} kills.`);
  const seconds = (performance.now() - startedAt) / 1000;
  return { seconds, peak, cpu: kills === 0 ? cpuSeconds(importer().child.pid) - cpuBefore : undefined };
}

/** Counted and numbered by the table itself. */
async function assertWhole(url, rows) {
  const connection = await createConnection(url);
  const [[found]] = await connection.query('SELECT COUNT(*) AS rows_, MAX(row_no) AS last FROM records');
  await connection.end();
  if (found.rows_ !== rows || found.last !== rows) throw new Error(`The table holds ${JSON.stringify(found)}, not ${rows} rows.`);
}

async function removeQueues(prefix) {
  const broker = await amqp.connect(AMQP_URL);
  const channel = await broker.createChannel();
  for (const queue of QUEUES) await channel.deleteQueue(`${prefix}.${queue}`);
  await broker.close();
}

function settings(folder) {
  return { FILES_URL: `file:${join(folder, 'files')}`, LOG_LEVEL: 'error' };
}

/** Of all threads of a process, by the books of Linux. */
function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
