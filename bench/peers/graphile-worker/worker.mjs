import { run } from 'graphile-worker';
import { CONCURRENCY } from '../../task.mjs';
import { serveHealth } from '../http.mjs';
import { LOGGER } from './options.mjs';

// As on the page about performance in its documentation.
await run({
  preset: {
    worker: {
      connectionString: process.env.POSTGRES_DATABASE_URL,
      concurrentJobs: CONCURRENCY,
      maxPoolSize: CONCURRENCY + 1,
      localQueue: { size: 500 },
      completeJobBatchDelay: 0,
      failJobBatchDelay: 0,
    },
  },
  logger: LOGGER,
  parsedCronItems: [],
  taskList: { task: async () => {} },
});
await serveHealth();
