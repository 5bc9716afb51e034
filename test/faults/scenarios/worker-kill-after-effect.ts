import { LEASE_AND_SWEEP_MS } from '../bounds.js';
import { callsOf, dieUnderLoad } from '../parts/worker-death.js';
import type { Scenario } from '../scenario.js';

export default {
  name: 'worker-kill-after-effect',
  faults: [18],
  title: 'a worker is killed after an effect, before the task is settled',
  needs: { database: 'shared', broker: 'shared' },
  boundMs: LEASE_AND_SWEEP_MS,
  async run(stage) {
    const { held } = await dieUnderLoad(stage, `after_effect#${stage.random.between(1, 50)}`);
    await stage.settle();
    stage.claim('an effect was called again, with the same key', callsOf(stage, held).includes(2));
  },
} satisfies Scenario;
