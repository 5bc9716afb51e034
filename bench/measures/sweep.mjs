import { Logger } from '@nestjs/common';
import { openMysqlStore, openSqliteStore } from '../../dist/libs/persistence/src/index.js';
import { Sweeper } from '../../dist/libs/tasks/src/index.js';
import { until } from '../until.mjs';

Logger.overrideLogger(['warn', 'error']);

const FOR_MS = 1_000;
const SETTINGS = { databaseTimeoutMs: 10_000, databasePoolSize: 2 };

/** A transport with empty queues that takes everything. */
const NOTHING_WAITS = {
  announce: async () => {},
  depth: async () => ({ high: 0, normal: 0, low: 0 }),
};

/** Sweeper rounds in a second on the file of a deployment, which is stopped. */
export async function sqliteSweeps({ databaseUrl, stop }) {
  await stop();
  return sweeps(await openSqliteStore({ ...SETTINGS, databaseUrl }));
}

/** Sweeper rounds in a second on the database of a deployment, which is stopped. */
export async function mysqlSweeps({ databaseUrl, stop }) {
  await stop();
  const store = openMysqlStore({ ...SETTINGS, databaseUrl });
  await until('the database answers', () =>
    store.ping().then(
      () => true,
      () => false,
    ),
  );
  return sweeps(store);
}

/** Rounds of a sweeper that finds nothing to do, one after the other. */
async function sweeps(store) {
  try {
    const sweeper = new Sweeper(store, NOTHING_WAITS, { intervalMs: 5_000, maxCrashes: 3 });
    await sweeper.sweep();
    const startedAt = performance.now();
    let rounds = 0;
    for (; performance.now() - startedAt < FOR_MS; rounds++) await sweeper.sweep();
    return rounds / ((performance.now() - startedAt) / 1000);
  } finally {
    await store.close();
  }
}
