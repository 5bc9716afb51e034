import PgBoss from 'pg-boss';
import { CONCURRENCY } from '../../task.mjs';
import { serveHealth } from '../http.mjs';
import { QUEUE } from './options.mjs';

const BATCH = 1_000;

const boss = new PgBoss({ connectionString: process.env.POSTGRES_DATABASE_URL });
await boss.start();

// The shortest interval that pg-boss takes. After a full batch there is more, so the next one is fetched without waiting for it.
const options = { batchSize: BATCH, pollingIntervalSeconds: 0.5 };
const id = await boss.work(QUEUE, options, async (jobs) => {
  for (let from = 0; from < jobs.length; from += CONCURRENCY) await Promise.all(jobs.slice(from, from + CONCURRENCY).map(run));
  if (jobs.length === BATCH) boss.notifyWorker(id);
});
await serveHealth();

async function run() {}
