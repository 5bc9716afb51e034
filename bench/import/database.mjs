import { createConnection } from 'mysql2/promise';
import { MYSQL_URL, uniqueName } from '../servers.mjs';

/** Runs `work` with a database of its own, whose name and URL it is given and which is dropped afterwards. */
export async function withDatabase(work) {
  const name = uniqueName();
  const connection = await createConnection(MYSQL_URL);
  await connection.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
  try {
    return await work({ name, url: `${MYSQL_URL}/${name}` });
  } finally {
    await connection.query(`DROP DATABASE ${name}`);
    await connection.end();
  }
}
