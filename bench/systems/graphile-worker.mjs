import { makeWorkerUtils } from 'graphile-worker';
import { join } from 'node:path';
import { POSTGRES_URL } from '../servers.mjs';
import { TASK } from '../task.mjs';
import { LOGGER } from '../peers/graphile-worker/options.mjs';
import { createDatabase } from './postgres.mjs';
import { TwoProcesses } from './two-processes.mjs';

const peer = join(import.meta.dirname, '../peers/graphile-worker');
const BATCH = 1_000;

/** Fastify and graphile-worker on PostgreSQL: an API process that adds and a worker process that does nothing, 32 at a time. */
export const graphileWorker = {
  title: 'Fastify + graphile-worker + PostgreSQL',
  servers: [POSTGRES_URL],

  async open() {
    const database = await createDatabase();
    const utils = await makeWorkerUtils({ connectionString: database.url, logger: LOGGER });
    await utils.migrate();
    const env = { POSTGRES_DATABASE_URL: database.url };
    const processes = await TwoProcesses.of(join(peer, 'api.mjs'), join(peer, 'worker.mjs'), env);
    let filled = 0;

    return {
      url: processes.url,
      durability: await database.durability(),
      startWorker: () => processes.startWorker(),
      async fill(tasks) {
        for (filled = 0; filled < tasks;) {
          const size = Math.min(BATCH, tasks - filled);
          await utils.addJobs(Array.from({ length: size }, () => ({ identifier: 'task', payload: TASK })));
          filled += size;
        }
      },
      // A job that is completed is deleted.
      completed: async () => filled - Number(await database.ask('SELECT count(*) FROM graphile_worker._private_jobs')),
      busy: () => database.ask('SELECT 1 FROM graphile_worker._private_jobs ORDER BY id DESC LIMIT 1'),
      clear: () => database.ask('TRUNCATE graphile_worker._private_jobs'),
      async close() {
        await processes.stop();
        await utils.release();
        await database.drop();
      },
    };
  },
};
