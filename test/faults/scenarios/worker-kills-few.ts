import { LEASE_AND_SWEEP_MS } from '../bounds.js';
import { killWorkers } from '../parts/worker-kills.js';
import type { Scenario } from '../scenario.js';

const KILLS = 15;

export default {
  name: 'worker-kills-few',
  faults: [16, 17, 18, 19],
  title: `${KILLS} workers are killed at random moments and at random points of a task's life`,
  needs: { database: 'shared', broker: 'shared' },
  boundMs: LEASE_AND_SWEEP_MS,
  run: (stage) => killWorkers(stage, KILLS),
} satisfies Scenario;
