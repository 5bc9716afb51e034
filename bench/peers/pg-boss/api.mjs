import pg from 'pg';
import PgBoss from 'pg-boss';
import { serveApi } from '../http.mjs';
import { watcher } from '../watcher.mjs';
import { QUEUE } from './options.mjs';

const connectionString = process.env.POSTGRES_DATABASE_URL;
const boss = new PgBoss({ connectionString, supervise: false, schedule: false });
await boss.start();
const pool = new pg.Pool({ connectionString });

const COMPLETED = `SELECT id FROM pgboss.job WHERE name = '${QUEUE}' AND id = ANY($1) AND state = 'completed'`;

await serveApi({
  add: async (body) => ({ id: await boss.send(QUEUE, body) }),
  finished: watcher(async (ids) => (await pool.query(COMPLETED, [ids])).rows.map(({ id }) => id)),
});
