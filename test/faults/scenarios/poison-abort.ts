import { LEASE_AND_SWEEP_MS } from '../bounds.js';
import type { Scenario } from '../scenario.js';

const MAX_CRASHES = 3;
const POISON = { type: 'test.abort', expect: 'FAILED' } as const;
/** Still under way when the poison takes their process with it. */
const NEIGHBOUR_MS = 2_000;
const NEIGHBOUR = { type: 'test.effect', payload: { before_ms: NEIGHBOUR_MS } };
const NEIGHBOURS = 30;
/** What crashed together runs apart: each worker has half of them, of which six may run together next, and these alone the time after. */
const APART_MS = (Math.ceil(NEIGHBOURS / 2 / 6) + 6 + 1) * NEIGHBOUR_MS;
const BOUND_MS = MAX_CRASHES * LEASE_AND_SWEEP_MS + APART_MS;

export default {
  name: 'poison-abort',
  faults: [25],
  title: 'a task aborts every process that runs it, in the middle of others',
  needs: { database: 'shared', broker: 'shared' },
  short: true,
  boundMs: BOUND_MS,
  async run(stage) {
    const { workers } = await stage.deploy({ workers: 2, workerEnv: { MAX_CRASHES } });
    for (const worker of workers) {
      worker.expectEnds('SIGABRT');
      worker.supervise();
    }
    const load = stage.client.load({ lines: 2, pauseMs: 20 });
    const { neighbours, poison } = await stage.fault('a poisonous task comes among others', async () => {
      const [before, { id }, after] = await Promise.all([
        stage.client.submitMany(NEIGHBOURS / 2, NEIGHBOUR),
        stage.client.submit(POISON),
        stage.client.submitMany(NEIGHBOURS / 2, NEIGHBOUR),
      ]);
      return { neighbours: [...before, ...after], poison: id! };
    });
    const row = await stage.untilFinal(poison, BOUND_MS);
    stage.claim('the poison failed', row.status === 'FAILED' && row.error?.kind === 'crash' && row.crashes === MAX_CRASHES);
    stage.claim('its error says how often it crashed', /crashed 3 times/i.test(row.error?.message ?? ''));
    await load.stop();
    await stage.settle();
    for (const worker of workers) {
      worker.leaveAlone();
      await stage.until(`${worker.name} is back`, () => worker.running);
      await worker.process.ready();
    }
    const rows = (await stage.deployment.rows.all()).filter(({ id }) => neighbours.includes(id));
    stage.claim(
      'its neighbours are done',
      rows.every(({ status }) => status === 'COMPLETED'),
    );
    const aborts = workers.flatMap(({ records }) => records).filter(({ ending }) => ending?.signal === 'SIGABRT').length;
    stage.claim(`it took ${MAX_CRASHES} processes with it, and no more (${aborts})`, aborts === MAX_CRASHES);
  },
} satisfies Scenario;
