import { connect } from 'node:net';

export { AMQP_URL, MYSQL_URL } from '../test/support/servers.mjs';

/** Where the peers find their servers; the PostgreSQL user must be allowed to create databases. */
export const REDIS_URL = process.env.BENCH_REDIS_URL ?? 'redis://127.0.0.1:6379';
export const POSTGRES_URL = process.env.BENCH_POSTGRES_URL ?? 'postgres://postgres@127.0.0.1:5432';

const PATIENCE_MS = 2_000;
const PORTS = { 'mysql:': 3306, 'amqp:': 5672, 'redis:': 6379, 'postgres:': 5432 };
let count = 0;

/** A name for a database, queue or prefix of this run alone. */
export function uniqueName() {
  return `taskwell_bench_${process.pid}_${++count}`;
}

/** Whether something listens where a server's URL points to. */
export function answers(url) {
  const { hostname, port, protocol } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port || PORTS[protocol]), timeout: PATIENCE_MS });
    const tell = (answer) => () => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', tell(true)).once('error', tell(false)).once('timeout', tell(false));
  });
}
