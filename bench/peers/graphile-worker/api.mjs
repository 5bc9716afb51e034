import { makeWorkerUtils } from 'graphile-worker';
import pg from 'pg';
import { serveApi } from '../http.mjs';
import { watcher } from '../watcher.mjs';
import { LOGGER } from './options.mjs';

const connectionString = process.env.POSTGRES_DATABASE_URL;
const utils = await makeWorkerUtils({ connectionString, logger: LOGGER });
const pool = new pg.Pool({ connectionString });

// A job that is completed is deleted.
const DELETED =
  'SELECT id FROM unnest($1::bigint[]) AS asked (id) WHERE NOT EXISTS (SELECT FROM graphile_worker._private_jobs j WHERE j.id = asked.id)';

await serveApi({
  add: (body) => utils.addJob('task', body),
  finished: watcher(async (ids) => (await pool.query(DELETED, [ids])).rows.map(({ id }) => id)),
});
