import { eventually } from '../../support/eventually.js';
import { LEASE_AND_SWEEP_MS, QUICK_REPAIR } from '../bounds.js';
import type { Member } from '../member.js';
import type { Scenario } from '../scenario.js';

const BLOCKED_MS = 2 * QUICK_REPAIR.LEASE_SECONDS * 1_000;
const BUSY = { type: 'test.busy', payload: { ms: BLOCKED_MS, times: 1 } };
/** Under way in the same process when its event loop stops. */
const NEIGHBOUR_MS = 1_500;
const NEIGHBOUR = { type: 'test.effect', payload: { after_ms: NEIGHBOUR_MS } };

export default {
  name: 'loop-blocked',
  faults: [22],
  title: 'a handler blocks the event loop of its worker for two leases; its neighbours are only late',
  needs: { database: 'shared', broker: 'shared' },
  blocksLoops: true,
  boundMs: LEASE_AND_SWEEP_MS + NEIGHBOUR_MS,
  async run(stage) {
    const { apis, workers, database } = await stage.prepare({ workers: 2 });
    const [blocked, other] = workers as [Member, Member];
    await Promise.all([apis[0]!.start(), blocked.start()]);
    await stage.client.submitMany(6, NEIGHBOUR);
    await stage.until('the neighbours run', async () => (await database.count(`status = 'PROCESSING'`)) === 6);
    const { id } = await stage.client.submit(BUSY);
    await stage.fault('the handler blocks the loop', () =>
      stage.until('it runs', async () => (await database.task(id!)).status === 'PROCESSING'),
    );
    const begunAt = performance.now();
    await other.start();
    const load = stage.client.load();
    await eventually('the task is granted to the other worker', async () => (await database.task(id!)).attempt >= 2, {
      within: LEASE_AND_SWEEP_MS,
    });
    await stage.until('and done there', async () => (await database.task(id!)).status === 'COMPLETED');
    stage.claim('that was while the loop was still blocked', performance.now() - begunAt < BLOCKED_MS);
    const { ended } = blocked.process;
    const alive = await Promise.race([ended.then(() => false), blocked.process.ready(BLOCKED_MS + 10_000).then(() => true)]);
    stage.claim('the blocked worker lives and is ready again', alive);
    await load.stop();
    await stage.settle();
    const busy = await database.task(id!);
    stage.claim('the old attempt counts as a crash', busy.attempt >= 2 && busy.crashes === 1 && busy.failures === 0);
    stage.claim('its outcome was dropped', blocked.process.output.includes(`task ${id} lost its lease; its outcome is dropped`));
    await other.stop();
    const later = await stage.client.submitMany(20);
    await stage.settle();
    stage.claim('the worker works as before', later.length === 20);
  },
} satisfies Scenario;
