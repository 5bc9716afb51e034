import { constants } from 'node:fs';
import { access, mkdir, readdir, statfs } from 'node:fs/promises';
import { connect as connectTcp } from 'node:net';
import { dirname } from 'node:path';
import { connect as connectAmqp } from 'amqplib';
import { createConnection } from 'mysql2/promise';
import { isEmbedded, type Settings } from '@app/config';
import { look, type Finding } from './finding.js';

const TIMEOUT_MS = 5_000;
/** A clock that is off by more shows times to people that are plainly wrong, and makes signatures of callbacks too old. */
const MOST_CLOCK_DIFFERENCE_MS = 2_000;
const LEAST_FREE_BYTES = 1024 ** 3;

/** Looks at everything that the settings name, one after another. Changes nothing but for making missing folders. */
export async function examine(settings: Settings): Promise<Finding[]> {
  const database = settings.databaseUrl.startsWith('sqlite:') ? sqlite(settings) : mysql(settings);
  return [
    ...(await database),
    ...(await broker(settings)),
    ...(await files(settings)),
    ...(settings.smtpUrl ? [await smtp(settings)] : []),
  ];
}

async function sqlite({ databaseUrl }: Settings): Promise<Finding[]> {
  const folder = dirname(databaseUrl.slice('sqlite:'.length));
  const finding = await look(
    'database',
    `Make ${folder} writable for this user, or name another file in DATABASE_URL.`,
    async () => {
      await mkdir(folder, { recursive: true });
      await access(folder, constants.W_OK);
      return `SQLite in ${folder}, which can be written; the schema is brought up to date at the start`;
    },
  );
  return [finding, await disk(folder)];
}

async function mysql({ databaseUrl }: Settings): Promise<Finding[]> {
  const url = new URL(databaseUrl);
  const options = {
    host: url.hostname,
    port: Number(url.port || 3306),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)),
    connectTimeout: TIMEOUT_MS,
    timezone: 'Z',
  };
  let connection: Awaited<ReturnType<typeof createConnection>> | undefined;
  const value = async (sql: string) => {
    const [rows] = await connection!.query({ sql, timeout: TIMEOUT_MS });
    return Object.values((rows as Record<string, unknown>[])[0] ?? {})[0];
  };
  const database = await look(
    'database',
    'Check DATABASE_URL, that the server runs, and that the user may use the database.',
    async () => {
      connection = await createConnection(options);
      return `${String(await value('SELECT VERSION()'))} answers on ${url.host}`;
    },
  );
  if (!database.ok) return [database];
  const schema = await look(
    'schema',
    'Run taskwell migrate, or start a process: each brings the schema up to date.',
    async () => {
      return `${String(await value('SELECT COUNT(*) FROM migrations'))} migrations were made, the last is ${String(await value('SELECT name FROM migrations ORDER BY timestamp DESC LIMIT 1'))}`;
    },
  );
  const clock = await look('clock', 'Let both machines keep their time by NTP.', async () => {
    const difference = Math.round(new Date((await value('SELECT UTC_TIMESTAMP(3)')) as Date).getTime() - Date.now());
    if (Math.abs(difference) > MOST_CLOCK_DIFFERENCE_MS)
      throw new Error(`the database's clock is ${difference} ms off from this one`);
    return `${Math.abs(difference)} ms between the database's clock and this one`;
  });
  await connection?.end();
  return [database, schema, clock];
}

async function broker(settings: Settings): Promise<Finding[]> {
  if (isEmbedded(settings)) return [{ part: 'broker', ok: true, detail: 'embedded: none is needed' }];
  const { transportUrl, queuePrefix } = settings;
  let connection: Awaited<ReturnType<typeof connectAmqp>> | undefined;
  const found = await look(
    'broker',
    'Check TRANSPORT_URL, that RabbitMQ runs, and that the user may use the virtual host.',
    async () => {
      connection = await connectAmqp(transportUrl, { timeout: TIMEOUT_MS });
      connection.on('error', () => {});
      const { product, version } = connection.connection.serverProperties as unknown as Record<string, string>;
      return `${product} ${version} answers`;
    },
  );
  if (!connection) return [found];
  const topology = await look(
    'topology',
    'Start an API or a worker: it makes the queues. Queues with other arguments must be deleted first.',
    async () => {
      const counts: string[] = [];
      for (const priority of ['high', 'normal', 'low']) {
        const channel = await connection!.createChannel();
        channel.on('error', () => {});
        const queue = await channel.checkQueue(`${queuePrefix}.due.${priority}`);
        counts.push(`${priority}: ${queue.messageCount} messages, ${queue.consumerCount} consumers`);
        await channel.close();
      }
      return counts.join('; ');
    },
  );
  await connection.close().catch(() => {});
  return [found, topology];
}

async function files({ filesUrl }: Settings): Promise<Finding[]> {
  if (!filesUrl.startsWith('file:')) return [{ part: 'files', ok: true, detail: `${filesUrl}: not looked at` }];
  const folder = filesUrl.slice('file:'.length);
  const finding = await look('files', `Make ${folder} writable for this user, or name another folder in FILES_URL.`, async () => {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
    await readdir(folder);
    return `${folder} can be read and written`;
  });
  return finding.ok ? [finding, await disk(folder)] : [finding];
}

function disk(folder: string): Promise<Finding> {
  return look('disk', `Make room on the disk of ${folder}.`, async () => {
    const { bavail, bsize } = await statfs(folder);
    const free = `${((Number(bavail) * Number(bsize)) / 1024 ** 3).toFixed(1)} GB free for ${folder}`;
    if (Number(bavail) * Number(bsize) < LEAST_FREE_BYTES) throw new Error(free);
    return free;
  });
}

function smtp({ smtpUrl }: Settings): Promise<Finding> {
  const { hostname, port, protocol } = new URL(smtpUrl);
  return look('mail', 'Check SMTP_URL, and that the server can be reached from here.', () => {
    return new Promise((resolve, reject) => {
      const socket = connectTcp(Number(port || (protocol === 'smtps:' ? 465 : 587)), hostname, () => {
        socket.destroy();
        resolve(`${hostname} takes connections`);
      });
      socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error(`no connection within ${TIMEOUT_MS / 1000} s`)));
      socket.on('error', reject);
    });
  });
}
