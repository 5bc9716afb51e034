import { run } from 'graphile-worker';
import { CONCURRENCY } from '../../task.mjs';
import { serveHealth } from '../http.mjs';
import { LOGGER } from './options.mjs';

// As on the page about performance in its documentation, with a larger local queue, which was faster here.
await run({
  preset: {
    worker: {
      connectionString: process.env.POSTGRES_DATABASE_URL,
      concurrentJobs: CONCURRENCY,
      maxPoolSize: CONCURRENCY + 1,
      localQueue: { size: 1_000 },
      completeJobBatchDelay: 0,
      failJobBatchDelay: 0,
    },
  },
  logger: LOGGER,
  parsedCronItems: [],
  taskList: { task: async () => {} },
});
await serveHealth();
