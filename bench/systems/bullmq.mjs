import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { join } from 'node:path';
import { REDIS_URL, uniqueName } from '../servers.mjs';
import { TASK } from '../task.mjs';
import { CONNECTION, OPTIONS } from '../peers/bullmq/options.mjs';
import { TwoProcesses } from './two-processes.mjs';

const peer = join(import.meta.dirname, '../peers/bullmq');
const BATCH = 1_000;

/** Fastify and BullMQ on Redis: an API process that adds and a worker process that does nothing, 32 at a time. */
export const bullmq = {
  title: 'Fastify + BullMQ + Redis',
  servers: [REDIS_URL],

  async open() {
    const name = uniqueName();
    const queue = new Queue(name, { connection: CONNECTION, defaultJobOptions: OPTIONS });
    const processes = await TwoProcesses.of(join(peer, 'api.mjs'), join(peer, 'worker.mjs'), { QUEUE: name });
    const left = () => queue.getJobCountByTypes('wait', 'active');
    let filled = 0;

    return {
      url: processes.url,
      durability: await durability(),
      startWorker: () => processes.startWorker(),
      async fill(tasks) {
        for (filled = 0; filled < tasks;) {
          const size = Math.min(BATCH, tasks - filled);
          await queue.addBulk(Array.from({ length: size }, () => ({ name: 'task', data: TASK })));
          filled += size;
        }
      },
      completed: async () => filled - (await left()),
      busy: async () => (await left()) > 0,
      clear: () => queue.obliterate({ force: true, count: 10_000 }),
      async close() {
        await processes.stop();
        await queue.obliterate({ force: true, count: 10_000 });
        await queue.close();
      },
    };
  },
};

async function durability() {
  const redis = new Redis(REDIS_URL);
  const { save, appendonly, appendfsync } = await settings(redis, 'save', 'appendonly', 'appendfsync');
  await redis.quit();
  if (appendonly === 'yes') return `append-only file, fsync ${appendfsync}`;
  return save === '' ? 'nothing is written to disk (no AOF, no snapshots)' : `snapshots only (save ${save})`;
}

async function settings(redis, ...names) {
  const pairs = await Promise.all(names.map(async (name) => [name, (await redis.config('GET', name))[1]]));
  return Object.fromEntries(pairs);
}
