// The one place that knows whether real servers are at hand. Plain JavaScript, because scripts/test.mjs asks too.

import { clearTimeout } from 'node:timers';

/** Where the tests look for MySQL or MariaDB; the user must be allowed to create databases. */
export const MYSQL_URL = process.env.TEST_MYSQL_URL ?? 'mysql://root@127.0.0.1:3306';
/** Where the tests look for RabbitMQ. */
export const AMQP_URL = process.env.TEST_AMQP_URL ?? 'amqp://guest:guest@127.0.0.1:5672';
/** Where the tests look for an S3 server; buckets are made in it, and removed. */
export const S3_ENDPOINT = process.env.TEST_S3_ENDPOINT ?? 'http://127.0.0.1:5000';
// Servers for tests take any; where they do not, the environment says which.
process.env.AWS_ACCESS_KEY_ID ??= 'test';
process.env.AWS_SECRET_ACCESS_KEY ??= 'test';

const PATIENCE_MS = 5_000;

/**
 * Logs in to each server once.
 *
 * @returns {Promise<{ mysql: string | null, rabbitmq: string | null, s3: string | null }>} for each server null if it serves, or why it does not.
 */
export async function missingServers() {
  const [mysql, rabbitmq, s3] = await Promise.all([
    whyNot(MYSQL_URL, enterMysql),
    whyNot(AMQP_URL, enterRabbitmq),
    whyNot(S3_ENDPOINT, enterS3),
  ]);
  return { mysql, rabbitmq, s3 };
}

async function whyNot(url, enter) {
  const { host } = new URL(url);
  let timer;
  const tooLate = new Promise((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${PATIENCE_MS} ms`)), PATIENCE_MS);
  });
  try {
    await Promise.race([enter(url), tooLate]);
    return null;
  } catch (error) {
    return `${host}: ${error.message || error.code || error}`;
  } finally {
    clearTimeout(timer);
  }
}

async function enterMysql(url) {
  const { createConnection } = await import('mysql2/promise');
  const connection = await createConnection({ uri: url, connectTimeout: PATIENCE_MS });
  await connection.query('SELECT 1');
  await connection.end();
}

async function enterRabbitmq(url) {
  const { connect } = await import('amqplib');
  const connection = await connect(url, { timeout: PATIENCE_MS });
  await connection.close();
}

async function enterS3(endpoint) {
  // Whatever it says to a stranger.
  const answer = await fetch(endpoint, { signal: AbortSignal.timeout(PATIENCE_MS) });
  await answer.arrayBuffer();
}
