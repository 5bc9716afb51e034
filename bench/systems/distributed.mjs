import amqp from 'amqplib';
import mysql from 'mysql2/promise';
import { AMQP_URL, MYSQL_URL, uniqueName } from '../servers.mjs';
import { until } from '../until.mjs';
import { API, ENV, NEWEST, WORKER, completed, submit, unfinished } from './taskwell.mjs';
import { TwoProcesses } from './two-processes.mjs';

const DUE = ['due.high', 'due.normal', 'due.low'];
/** Most announcements of one message. */
const MOST_TOGETHER = 16;
const TABLES = ['tasks', 'task_tags', 'task_attempts'];
const INDEX = 'FORCE INDEX (tasks_status)';
/** Submitted and not announced yet: far below what the API holds in memory before it leaves the rest to the sweeper. */
const MAX_UNANNOUNCED = 5_000;

/** Taskwell as one API and one worker process, in a database and queues of their own. */
export const distributed = {
  title: 'Taskwell MySQL + RabbitMQ',
  servers: [MYSQL_URL, AMQP_URL],

  /** `seed` is given a connection to the database, which has the schema, before any task is submitted. */
  async open(seed) {
    const name = uniqueName();
    const database = await mysql.createConnection(MYSQL_URL);
    await database.query(`CREATE DATABASE ${name}`);
    await database.query(`USE ${name}`);
    const broker = await amqp.connect(AMQP_URL);
    const queues = await broker.createChannel();
    const databaseUrl = `${MYSQL_URL}/${name}`;
    const env = { ...ENV, DATABASE_URL: databaseUrl, TRANSPORT_URL: AMQP_URL, QUEUE_PREFIX: name };
    const processes = await TwoProcesses.of(API, WORKER, env, 'WORKER_PORT');
    await seed?.(database);

    const ask = async (sql) => (await database.query({ sql, rowsAsArray: true }))[0][0]?.[0];
    const messages = async () => (await queues.checkQueue(`${name}.due.normal`)).messageCount;
    let marker = (await ask(NEWEST)) ?? '';

    const announcingRests = () => {
      let before = -1;
      const rests = async () => before === (before = await messages());
      return until('announcing comes to rest', rests, { everyMs: 300 });
    };

    return {
      url: processes.url,
      ask,
      databaseUrl,
      get pids() {
        return processes.pids;
      },
      durability: await durability(ask),
      startWorker: () => processes.startWorker(),
      stopWorker: () => processes.stopWorker(),
      async fill(tasks) {
        marker = (await ask(NEWEST)) ?? '';
        await submit(processes.url, tasks, (submitted) =>
          until(
            'the broker has the announcements',
            async () => (await messages()) * MOST_TOGETHER >= submitted - MAX_UNANNOUNCED,
          ),
        );
        await announcingRests();
      },
      completed: () => ask(completed(INDEX, marker)),
      busy: async () => (await ask(unfinished(INDEX, marker))) !== undefined,
      /** Forgets all tasks, after the API has announced what it still wants to. */
      async clear() {
        await announcingRests();
        for (const table of TABLES) await database.query(`TRUNCATE TABLE ${table}`);
        for (const queue of DUE) await queues.purgeQueue(`${name}.${queue}`);
      },
      stop: () => processes.stop(),
      async close() {
        await processes.stop();
        await database.query(`DROP DATABASE ${name}`);
        await database.end();
        for (const queue of [...DUE, 'dead']) await queues.deleteQueue(`${name}.${queue}`);
        await broker.close();
      },
    };
  },
};

async function durability(ask) {
  const version = await ask('SELECT @@version');
  const flush = await ask('SELECT @@innodb_flush_log_at_trx_commit');
  const rows = flush === 1 ? 'every commit on disk before the answer' : `innodb_flush_log_at_trx_commit = ${flush}`;
  return `${rows} (${version}); announcements persistent, in quorum queues, confirmed`;
}
