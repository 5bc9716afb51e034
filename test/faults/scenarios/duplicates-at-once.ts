import { lasting } from '../../support/eventually.js';
import { announcementOf, publishTogether, untilQueueIsEmpty } from '../parts/announcements.js';
import { LEASE_AND_SWEEP_MS } from '../bounds.js';
import type { Scenario } from '../scenario.js';

const ROUNDS = 8;
const TASKS = 12;
const COPIES = 7;
/** The messages arrive at both workers by then; the broker gives up a worker that stands still only after 4 s. */
const STANDSTILL_MS = 300;

export default {
  name: 'duplicates-at-once',
  faults: [15],
  title: 'two workers find copies of the same announcements before them at the same instant',
  needs: { database: 'shared', broker: 'shared' },
  short: true,
  boundMs: LEASE_AND_SWEEP_MS,
  async run(stage) {
    const { broker, database, workers } = await stage.deploy({ workers: 2 });
    for (let round = 0; round < ROUNDS; round++) {
      await stage.fault(`round ${round}: both workers stand still while the copies arrive`, async () => {
        for (const worker of workers) worker.freeze();
        const ids = await stage.client.submitMany(TASKS);
        await publishTogether(
          broker,
          ids.flatMap((id) => Array<string>(COPIES).fill(announcementOf(id))),
        );
        await lasting(STANDSTILL_MS);
        for (const worker of workers) worker.thaw();
      });
      await stage.settle();
    }
    await untilQueueIsEmpty(broker);
    stage.claim('each task was granted once', (await database.count('attempt <> 1')) === 0);
    const winners = await database.rows('SELECT DISTINCT worker_id FROM {db}.tasks');
    stage.claim('both workers won some', winners.length === 2);
    await Promise.all(workers.map((worker) => worker.stop()));
    stage.claim('every copy was acknowledged', (await broker.depth(broker.due())) === 0);
  },
} satisfies Scenario;
