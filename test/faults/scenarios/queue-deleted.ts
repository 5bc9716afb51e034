import { lasting } from '../../support/eventually.js';
import { send } from '../../support/http.js';
import { R_MS } from '../bounds.js';
import type { Scenario } from '../scenario.js';

const ROUNDS = 4;
const CONSUMED_AGAIN_MS = 15_000;
const WORK = { type: 'test.effect', payload: { before_ms: 30 } };
const CLASSES = ['high', 'normal', 'low'] as const;

export default {
  name: 'queue-deleted',
  faults: [11],
  title: 'the queues are deleted under load, with and without messages in them; the workers make them again and consume',
  needs: { database: 'shared', broker: 'shared' },
  short: true,
  boundMs: R_MS,
  async run(stage) {
    const { members, workers, broker } = await stage.deploy({ workers: 2, env: { WORKER_CONCURRENCY: 8 } });
    const isWhole = async () => {
      const consumers = await Promise.all(CLASSES.map((name) => broker.consumers(broker.due(name))));
      const answers = await Promise.all(members.map(({ url }) => send<{ status: string }>(url, { path: '/readyz' })));
      return consumers.every((count) => count >= workers.length) && answers.every(({ body }) => body.status === 'ok');
    };
    const load = stage.client.load({ works: [WORK] });
    for (let round = 0; round < ROUNDS; round++) {
      await stage.until('the load flows', () => load.accepted.length > (round + 1) * 100);
      if (round % 2 === 0) await stage.client.submitMany(200, WORK);
      await lasting(stage.random.between(0, 500));
      await stage.fault(`the queues are deleted, time ${round + 1}`, () => broker.deleteQueues());
      await stage.until('all are ready and both workers consume from every queue', isWhole, CONSUMED_AGAIN_MS);
    }
    const outcomes = await load.stop();
    const refused = outcomes.filter(({ status }) => status !== 202);
    stage.claim(`every submission was accepted, not ${refused[0]?.status}`, refused.length === 0);
  },
} satisfies Scenario;
