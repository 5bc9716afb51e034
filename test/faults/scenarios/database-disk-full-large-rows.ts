import { FIRST_ANNOUNCEMENT_LOST_MS, LEASE_AND_SWEEP_MS, RECONNECT_BOUND_MS } from '../bounds.js';
import { fillUnderLoad } from '../parts/disk-full.js';
import type { Scenario } from '../scenario.js';

const WORKS = [{ type: 'test.effect', payload: { text: 'x'.repeat(900_000) } }];

export default {
  name: 'database-disk-full-large-rows',
  faults: [37],
  title:
    "the database's disk is full in the middle of large rows, which may end the server; it is started again when there is room",
  needs: { database: { private: { memoryMb: 256 } }, broker: 'shared' },
  boundMs: Math.max(RECONNECT_BOUND_MS, FIRST_ANNOUNCEMENT_LOST_MS) + LEASE_AND_SWEEP_MS,
  async run(stage) {
    await stage.deploy();
    const mariadb = stage.mariadb!;
    await fillUnderLoad(stage, {
      folder: mariadb.dataFolder,
      leaveMb: 6,
      works: WORKS,
      afterwards: async () => {
        if (!mariadb.running) await mariadb.start();
      },
    });
    await stage.deployment.database.reconnect();
  },
} satisfies Scenario;
