import { once } from 'node:events';
import { createServer } from 'node:net';
import mysql from 'mysql2/promise';
import { load } from '../measures/accept.mjs';
import { end, freePort, start } from '../processes.mjs';
import { MYSQL_URL, uniqueName } from '../servers.mjs';
import { API, ENV } from '../systems/taskwell.mjs';
import { figure } from '../table.mjs';
import { SUBMITS_SHARE } from './at-work.mjs';
import { watched } from './rss.mjs';

/** An API whose broker's port refuses connections. */
export async function brokerGone(tasks) {
  return submits('the broker refuses connections', await freePort(), Math.ceil(tasks * SUBMITS_SHARE));
}

/** An API whose broker's port takes connections and never says a word. */
export async function brokerSilent(tasks) {
  const silent = createServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const sockets = new Set();
  silent.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
  });
  try {
    return await submits('the broker never answers', silent.address().port, Math.ceil(tasks * SUBMITS_SHARE));
  } finally {
    for (const socket of sockets) socket.destroy();
    silent.close();
  }
}

async function submits(why, brokerPort, amount) {
  const name = uniqueName();
  const database = await mysql.createConnection(MYSQL_URL);
  await database.query(`CREATE DATABASE ${name}`);
  const transport = `amqp://guest:guest@127.0.0.1:${brokerPort}`;
  const api = await start(API, { ...ENV, DATABASE_URL: `${MYSQL_URL}/${name}`, TRANSPORT_URL: transport, QUEUE_PREFIX: name });
  try {
    const memory = await watched(api.child.pid, () => load(api.url, { amount }));
    return [{ what: `API, ${why}: takes ${figure(amount)} one by one`, ...memory }];
  } finally {
    await end(api);
    await database.query(`DROP DATABASE ${name}`);
    await database.end();
  }
}
