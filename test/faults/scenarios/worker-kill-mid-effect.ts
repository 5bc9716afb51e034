import { LEASE_AND_SWEEP_MS } from '../bounds.js';
import { callsOf, dieUnderLoad } from '../parts/worker-death.js';
import type { Scenario } from '../scenario.js';

export default {
  name: 'worker-kill-mid-effect',
  faults: [17],
  title: 'a worker is killed while it waits for the answer to an effect',
  needs: { database: 'shared', broker: 'shared' },
  short: true,
  boundMs: LEASE_AND_SWEEP_MS,
  async run(stage) {
    const { held } = await dieUnderLoad(stage, `mid_effect#${stage.random.between(1, 50)}`);
    await stage.settle();
    stage.claim('an effect was called again, with the same key', callsOf(stage, held).includes(2));
  },
} satisfies Scenario;
