import { LEASE_AND_SWEEP_MS } from '../bounds.js';
import type { Scenario } from '../scenario.js';

const GRACE_SECONDS = 10;
const WORK_MS = 2_000;
const LONG = { type: 'test.effect', payload: { before_ms: WORK_MS } };

export default {
  name: 'worker-stops-in-time',
  faults: [47],
  title: 'SIGTERM to a worker with tasks running that end within the grace time',
  needs: { database: 'shared', broker: 'shared' },
  short: true,
  boundMs: LEASE_AND_SWEEP_MS + WORK_MS,
  async run(stage) {
    const deployment = await stage.deploy({ workers: 2, workerEnv: { SHUTDOWN_GRACE_SECONDS: GRACE_SECONDS } });
    const { database } = deployment;
    const leaving = deployment.workers[0]!;
    const load = stage.client.load({ works: [LONG, { type: 'test.effect' }], pauseMs: 20 });
    await stage.until('both work', async () => (await deployment.heldBy(leaving)).length > 5);
    const { held, tookMs } = await stage.fault('one is told to stop', async () => {
      const ids = await deployment.heldBy(leaving);
      const askedAt = performance.now();
      const ending = await leaving.stop();
      stage.claim('it ended with 0', ending.code === 0);
      return { held: ids, tookMs: performance.now() - askedAt };
    });
    stage.claim(`it took no longer than its tasks (${Math.round(tookMs)} ms)`, tookMs < WORK_MS + 2_000);
    const begunLater = await database.count('worker_id LIKE ? AND completed_at IS NULL', [leaving.process.workerIds]);
    stage.claim('it left nothing in its hands', begunLater === 0);
    await load.stop();
    await stage.settle();
    stage.claim('it had tasks', held.length > 0);
    stage.claim('no task took a second attempt', (await database.count('attempt <> 1')) === 0);
  },
} satisfies Scenario;
