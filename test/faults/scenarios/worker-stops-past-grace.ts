import { QUICK_REPAIR } from '../bounds.js';
import type { Scenario } from '../scenario.js';

const GRACE_SECONDS = 1;
const WORK_MS = 6_000;
/** A single failure would end them. */
const LONG = { type: 'test.effect', payload: { before_ms: WORK_MS }, more: { max_attempts: 1 } };
const AT_ONCE = 16;
/** What is handed back is due at once: no lease has to run out. */
const HANDED_OVER_MS = QUICK_REPAIR.SWEEP_SECONDS * 1_000 + 1_000;

export default {
  name: 'worker-stops-past-grace',
  faults: [47],
  title: 'SIGTERM to a worker with tasks running that need longer than the grace time',
  needs: { database: 'shared', broker: 'shared' },
  short: true,
  handBacks: true,
  boundMs: HANDED_OVER_MS + WORK_MS + 1_000,
  async run(stage) {
    const deployment = await stage.deploy({ workers: 2, workerEnv: { SHUTDOWN_GRACE_SECONDS: GRACE_SECONDS } });
    const [leaving, other] = deployment.workers;
    await stage.client.submitMany(AT_ONCE, LONG);
    await stage.until('the worker runs some', async () => (await deployment.heldBy(leaving!)).length >= 3);
    const load = stage.client.load({ lines: 2 });
    const held = await stage.fault('the worker is told to stop', async () => {
      const ids = await deployment.heldBy(leaving!);
      const askedAt = performance.now();
      stage.claim('it ended with 0', (await leaving!.stop()).code === 0);
      const tookMs = Math.round(performance.now() - askedAt);
      stage.claim(`it ended soon after the grace time (${tookMs} ms)`, tookMs < GRACE_SECONDS * 1_000 + 2_000);
      return ids;
    });
    const taken = async () => {
      const now = await deployment.heldBy(other!);
      return held.every((id) => now.includes(id));
    };
    await stage.until('the other worker has them', taken, HANDED_OVER_MS);
    await load.stop();
    await stage.settle();
    const rows = (await stage.deployment.rows.all()).filter(({ id }) => held.includes(id));
    stage.claim(
      'their second attempt did not count against them',
      rows.every(({ attempt, failures, crashes }) => attempt === 2 && failures === 0 && crashes === 0),
    );
  },
} satisfies Scenario;
