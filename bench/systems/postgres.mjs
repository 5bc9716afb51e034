import pg from 'pg';
import { POSTGRES_URL, uniqueName } from '../servers.mjs';

/** A database of its own, with a connection to ask it; `drop()` removes it when everybody else is gone. */
export async function createDatabase() {
  const name = uniqueName();
  const admin = new pg.Client(POSTGRES_URL);
  await admin.connect();
  await admin.query(`CREATE DATABASE ${name}`);
  const url = `${POSTGRES_URL}/${name}`;
  const client = new pg.Client(url);
  await client.connect();
  const ask = async (sql) => (await client.query({ text: sql, rowMode: 'array' })).rows[0]?.[0];
  return {
    url,
    ask,
    async durability() {
      const commit = await ask('SHOW synchronous_commit');
      const [version, fsync] = [await ask('SHOW server_version'), await ask('SHOW fsync')];
      const safe = fsync === 'on' && commit === 'on';
      const rows = safe ? 'every commit on disk before the answer' : `fsync ${fsync}, synchronous_commit ${commit}`;
      return `${rows} (PostgreSQL ${version.split(' ')[0]})`;
    },
    async drop() {
      await client.end();
      await admin.query(`DROP DATABASE ${name}`);
      await admin.end();
    },
  };
}
