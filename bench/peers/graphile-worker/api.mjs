import { makeWorkerUtils } from 'graphile-worker';
import pg from 'pg';
import { serveApi } from '../http.mjs';
import { watcher } from '../watcher.mjs';
import { LOGGER } from './options.mjs';

const pgPool = new pg.Pool({ connectionString: process.env.POSTGRES_DATABASE_URL, max: 10 });
pgPool.on('error', console.error);
const utils = await makeWorkerUtils({ pgPool, logger: LOGGER });

// A job that is completed is deleted.
const DELETED =
  'SELECT id FROM unnest($1::bigint[]) AS asked (id) WHERE NOT EXISTS (SELECT FROM graphile_worker._private_jobs j WHERE j.id = asked.id)';

await serveApi({
  add: (body) => utils.addJob('task', body),
  finished: watcher(async (ids) => (await pgPool.query(DELETED, [ids])).rows.map(({ id }) => id)),
});
