import { join } from 'node:path';
import PgBoss from 'pg-boss';
import { POSTGRES_URL } from '../servers.mjs';
import { TASK } from '../task.mjs';
import { QUEUE } from '../peers/pg-boss/options.mjs';
import { createDatabase } from './postgres.mjs';
import { TwoProcesses } from './two-processes.mjs';

const peer = join(import.meta.dirname, '../peers/pg-boss');
const BATCH = 1_000;

/** Fastify and pg-boss on PostgreSQL: an API process that sends and a worker process that does nothing, 32 at a time. */
export const pgBoss = {
  title: 'Fastify + pg-boss + PostgreSQL',
  servers: [POSTGRES_URL],

  async open() {
    const database = await createDatabase();
    const boss = new PgBoss({ connectionString: database.url, supervise: false, schedule: false });
    await boss.start();
    await boss.createQueue(QUEUE);
    const env = { POSTGRES_DATABASE_URL: database.url };
    const processes = await TwoProcesses.of(join(peer, 'api.mjs'), join(peer, 'worker.mjs'), env);

    return {
      url: processes.url,
      durability: await database.durability(),
      startWorker: () => processes.startWorker(),
      async fill(tasks) {
        for (let filled = 0; filled < tasks; filled += BATCH) {
          await boss.insert(Array.from({ length: Math.min(BATCH, tasks - filled) }, () => ({ name: QUEUE, data: TASK })));
        }
      },
      completed: async () =>
        Number(await database.ask(`SELECT count(*) FROM pgboss.job WHERE name = '${QUEUE}' AND state = 'completed'`)),
      busy: () => database.ask(`SELECT 1 FROM pgboss.job WHERE name = '${QUEUE}' AND state < 'completed' LIMIT 1`),
      clear: () => boss.purgeQueue(QUEUE),
      async close() {
        await processes.stop();
        await boss.stop({ graceful: false });
        await database.drop();
      },
    };
  },
};
