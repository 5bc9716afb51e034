import { lasting } from '../../support/eventually.js';
import { FIRST_ANNOUNCEMENT_LOST_MS, LEASE_AND_SWEEP_MS, RECONNECT_BOUND_MS } from '../bounds.js';
import { claimInTime, refusesAll, tellsProbes, untilAccepted } from '../parts/outage.js';
import type { Scenario } from '../scenario.js';

const WORKS = [{ type: 'test.effect', payload: { before_ms: 100, after_ms: 300 } }];

export default {
  name: 'database-frozen',
  faults: [29],
  title: 'the database accepts connections and never answers, for less and for longer than a lease, while tasks run',
  needs: { database: { private: 'disk' }, broker: 'shared' },
  boundMs: Math.max(RECONNECT_BOUND_MS, FIRST_ANNOUNCEMENT_LOST_MS) + LEASE_AND_SWEEP_MS,
  async run(stage) {
    await stage.deploy({ workers: 2 });
    const [load] = [stage.client.load({ works: WORKS, pauseMs: 20 }), stage.client.load({ works: WORKS, lines: 2, keyed: true })];
    for (const [what, moreMs] of [
      ['for a while', 0],
      ['for longer than a lease', stage.random.between(6_000, 9_000)],
    ] as const) {
      const before = stage.client.accepted.length;
      await stage.until('the load flows', () => stage.client.accepted.length > before + 100);
      await stage.fault(`the database stands still ${what}`, async () => {
        stage.mariadb!.freeze();
        await refusesAll(stage, what, { rounds: 1 });
        await tellsProbes(stage, what);
        await lasting(moreMs);
        stage.mariadb!.thaw();
      });
      await untilAccepted(stage);
    }
    await stage.client.stopAll();
    claimInTime(stage, 'under load', load.outcomes);
  },
} satisfies Scenario;
