import { R_MS } from '../bounds.js';
import type { Scenario } from '../scenario.js';

const WORK = { type: 'test.effect', payload: { before_ms: 60 } };
const SLOTS = 16;
/** 16 slots and tasks of 60 ms do 200 a second. */
const WORK_MS = 25_000;

export default {
  name: 'queue-purged',
  faults: [10],
  title: 'a backlog of some thousand tasks is purged, after the sweeper has begun to believe that they wait; clients go on',
  needs: { database: 'shared', broker: 'shared' },
  boundMs: R_MS + WORK_MS,
  async run(stage) {
    const { broker, database } = await stage.deploy({ env: { WORKER_CONCURRENCY: SLOTS } });
    const parked = () => database.count("status = 'PENDING' AND announce_at IS NULL");
    await stage.client.submitMany(stage.random.between(3_500, 4_500), WORK);
    const load = stage.client.load({ lines: 2, pauseMs: 100 });
    await stage.until('some are believed to wait in the queue', async () => (await parked()) > 500);
    const [lost, believed] = await stage.fault('the queues are purged', async () => [await broker.purge(), await parked()]);
    stage.claim(`messages were lost (${lost}), and tasks believed to wait for them (${believed})`, lost > 30 && believed > 0);
    await stage.until('nobody is believed to wait any more', async () => (await parked()) === 0, R_MS);
    await load.stop();
    await stage.settle();
    stage.claim('nothing ran twice', (await database.count('attempt <> 1')) === 0);
  },
} satisfies Scenario;
