import { FIRST_ANNOUNCEMENT_LOST_MS, RECONNECT_BOUND_MS } from '../bounds.js';
import { announcedIds } from '../parts/messages.js';
import { claimInTime, refusesAll, tellsProbes, untilAccepted } from '../parts/outage.js';
import type { Scenario } from '../scenario.js';

export default {
  name: 'database-down',
  faults: [28],
  title:
    'the database is stopped while clients submit, with keys and without, and started again; the queues are read before a worker runs',
  needs: { database: { private: 'disk' }, broker: 'shared' },
  short: true,
  boundMs: Math.max(RECONNECT_BOUND_MS, FIRST_ANNOUNCEMENT_LOST_MS),
  async run(stage) {
    const { apis, workers, database, rows } = await stage.prepare();
    await apis[0]!.start();
    const [load] = [stage.client.load({ lines: 3 }), stage.client.load({ lines: 2, keyed: true })];
    await stage.until('the load flows', () => stage.client.accepted.length > stage.random.between(60, 200));
    await stage.fault('the database is stopped', async () => {
      await stage.mariadb!.stop();
      await refusesAll(stage, 'stopped');
      await tellsProbes(stage, 'stopped');
      await stage.mariadb!.start();
    });
    await untilAccepted(stage);
    await stage.client.stopAll();
    claimInTime(stage, 'under load', load.outcomes);
    await database.reconnect();
    const kept = new Set((await rows.all()).map(({ id }) => id));
    const announced = await announcedIds(stage);
    stage.claim('announcements wait in the queue', announced.length > 0);
    stage.claim(
      'each of them is of a row',
      announced.every((id) => kept.has(id)),
    );
    await stage.fault('no worker has run yet', () => workers[0]!.start());
  },
} satisfies Scenario;
