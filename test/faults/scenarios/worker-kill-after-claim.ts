import { LEASE_AND_SWEEP_MS } from '../bounds.js';
import { callsOf, dieUnderLoad } from '../parts/worker-death.js';
import type { Scenario } from '../scenario.js';

export default {
  name: 'worker-kill-after-claim',
  faults: [16],
  title: 'a worker is killed after its first claim, before any effect',
  needs: { database: 'shared', broker: 'shared' },
  short: true,
  boundMs: LEASE_AND_SWEEP_MS,
  async run(stage) {
    const { held } = await dieUnderLoad(stage, 'after_claim#1');
    await stage.settle();
    const rows = (await stage.deployment.rows.all()).filter(({ id }) => held.includes(id));
    stage.claim('the dead worker had claimed tasks', held.length > 0);
    stage.claim(
      'they took one more attempt',
      rows.every(({ attempt, crashes }) => attempt >= 2 && crashes === 1),
    );
    stage.claim(
      'each of them had one effect',
      callsOf(stage, held).every((calls) => calls === 1),
    );
  },
} satisfies Scenario;
