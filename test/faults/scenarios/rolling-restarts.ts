import { LEASE_AND_SWEEP_MS } from '../bounds.js';
import { restartAll } from '../parts/rolling-restarts.js';
import type { Scenario } from '../scenario.js';

const ROUNDS = 20;

export default {
  name: 'rolling-restarts',
  faults: [47, 48],
  title: `every API and worker is replaced under load, one after the other, ${ROUNDS} times`,
  needs: { database: 'shared', broker: 'shared' },
  byNameOnly: true,
  boundMs: LEASE_AND_SWEEP_MS,
  run: (stage) => restartAll(stage, ROUNDS),
} satisfies Scenario;
