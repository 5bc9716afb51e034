import { join } from 'node:path';
import Libsql from 'libsql';
import { lasting } from '../../support/eventually.js';
import { LEASE_AND_SWEEP_MS, FIRST_ANNOUNCEMENT_LOST_MS } from '../bounds.js';
import { refusesAll, untilAccepted, claimInTime } from '../parts/outage.js';
import type { Scenario } from '../scenario.js';

export default {
  name: 'embedded-file-locked',
  faults: [56],
  title: 'another program holds the write lock of the database file, for less and for longer than a lease, while tasks run',
  needs: 'embedded',
  boundMs: Math.max(LEASE_AND_SWEEP_MS, FIRST_ANNOUNCEMENT_LOST_MS),
  async run(stage) {
    const works = [{ type: 'test.effect', payload: { after_ms: 500 } }];
    await stage.deploy();
    const load = stage.client.load({ works, lines: 3 });
    stage.client.load({ works, lines: 2, keyed: true });
    for (const [what, heldMs] of [
      ['for a while', stage.random.between(1_000, 3_000)],
      ['for longer than a lease', stage.random.between(7_000, 9_000)],
    ] as const) {
      const before = stage.client.accepted.length;
      await stage.until('the load flows', () => stage.client.accepted.length > before + 100);
      const other = new Libsql(join(stage.folder, 'taskwell.db'), { timeout: 5_000 });
      stage.scope.onEnd(() => other.close());
      await stage.fault(`the file is locked ${what}`, async () => {
        other.exec('BEGIN IMMEDIATE');
        await refusesAll(stage, what);
        await lasting(heldMs);
        other.exec('ROLLBACK');
      });
      await untilAccepted(stage);
    }
    await stage.client.stopAll();
    claimInTime(stage, 'under load', load.outcomes);
  },
} satisfies Scenario;
