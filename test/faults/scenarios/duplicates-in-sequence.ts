import { announcementOf, untilQueueIsEmpty } from '../parts/announcements.js';
import { LEASE_AND_SWEEP_MS } from '../bounds.js';
import type { Scenario } from '../scenario.js';

const COPIES = 1_000;
const WORK = { type: 'test.effect', payload: { before_ms: 300, after_ms: 300 } };

export default {
  name: 'duplicates-in-sequence',
  faults: [14],
  title: `the announcement of one task comes ${COPIES} times more, before, while and after it runs`,
  needs: { database: 'shared', broker: 'shared' },
  boundMs: LEASE_AND_SWEEP_MS,
  async run(stage) {
    const { broker, database, workers } = await stage.deploy();
    const load = stage.client.load({ lines: 2 });
    const { id } = await stage.client.submit(WORK);
    const finishedAfter: number[] = [];
    await stage.fault('its announcement comes again and again', async () => {
      for (let n = 0; n < COPIES; n++) {
        await broker.publish(broker.due(), announcementOf(id!));
        if (n % 50 === 0 && (await database.task(id!)).status === 'COMPLETED') finishedAfter.push(n);
      }
    });
    await load.stop();
    await stage.settle();
    await untilQueueIsEmpty(broker);
    stage.claim('copies came before and after its end', finishedAfter.length > 0 && finishedAfter[0]! > 0);
    stage.claim('it ran once', (await database.task(id!)).attempt === 1 && stage.sink.callsOf(id!).length === 1);
    await workers[0]!.stop();
    stage.claim('every copy was acknowledged', (await broker.depth(broker.due())) === 0);
    stage.claim('none was parked', (await broker.depth(broker.dead)) === 0);
  },
} satisfies Scenario;
