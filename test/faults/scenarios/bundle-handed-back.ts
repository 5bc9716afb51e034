import { announceTogether, untilQueueIsEmpty } from '../parts/announcements.js';
import { LEASE_AND_SWEEP_MS } from '../bounds.js';
import type { Scenario } from '../scenario.js';

const CONCURRENCY = 2;
/** Longer than the other worker takes to start on a busy machine, too. */
const LONG_MS = 12_000;
const LONG = { type: 'test.effect', payload: { before_ms: LONG_MS } };
const SHORT = { type: 'test.effect' };
/** Long before the tasks in front of them end. */
const HANDED_BACK_MS = 3_000;

export default {
  name: 'bundle-handed-back',
  faults: [16],
  title: 'a message begins with long tasks, is handed back for the rest of it, and its first holder is killed after that',
  needs: { database: 'shared', broker: 'shared' },
  boundMs: LEASE_AND_SWEEP_MS + LONG_MS,
  async run(stage) {
    const deployment = await stage.prepare({ workers: 2, workerEnv: { WORKER_CONCURRENCY: CONCURRENCY } });
    const { broker, workers, database } = deployment;
    await deployment.apis[0]!.start();
    const long = await stage.client.submitMany(CONCURRENCY, LONG);
    const rest = await stage.client.submitMany(14, SHORT);
    await announceTogether(broker, [...long, ...rest]);
    await workers[0]!.start();
    await stage.until('the long ones run', async () => (await deployment.heldBy(workers[0]!)).length === CONCURRENCY);
    const completed = (ids: readonly string[]) => database.count(`status = 'COMPLETED' AND id IN (?)`, [ids]);
    await workers[1]!.start();
    await stage.until('the rest is done', async () => (await completed(rest)) === rest.length, HANDED_BACK_MS);
    stage.claim('the other worker did it while the long ones ran', (await completed(long)) === 0);
    await untilQueueIsEmpty(broker);
    stage.claim('the long ones were not taken away', (await deployment.heldBy(workers[0]!)).length === CONCURRENCY);
    await stage.fault('their worker is killed', () => workers[0]!.kill());
    await stage.settle();
    const rows = await stage.deployment.rows.all();
    stage.claim(
      'only the long ones took a second attempt',
      rows.every(({ id, attempt, crashes }) => (long.includes(id) ? attempt >= 2 && crashes === 1 : attempt === 1)),
    );
    stage.claim('nothing was parked', (await broker.depth(broker.dead)) === 0);
  },
} satisfies Scenario;
