import { beforeAll, expect, it } from '@jest/globals';
import { MOST_TOGETHER } from '../../libs/transport/src/envelope.js';
import { Api, plainTask } from '../support/api.js';
import { QUICK_REPAIR, deploy, type Deployment } from '../support/deployment.js';
import { eventually, lasting } from '../support/eventually.js';
import { acceptedOf, loadOn } from '../support/load.js';
import { Random } from '../support/random.js';
import { scopeOfSuite } from '../support/suite-scope.js';
import { describeWithServers } from '../support/suites.js';

/** The time until a silent announcement is repeated, and sweep, with room for a slow machine. */
const REPAIR_MS = 60_000;
const TASK_MS = 60;
const WORKERS = 2;
const SLOTS = 8;
/** How often the queues are touched; TEST_ROUNDS makes it more, to look for what happens rarely. */
const ROUNDS = Number(process.env.TEST_ROUNDS ?? 6);

describeWithServers('When somebody', () => {
  const random = Random.seeded('When somebody touches the queues');
  const scope = scopeOfSuite();
  let deployment: Deployment;

  beforeAll(async () => {
    const env = { ...QUICK_REPAIR, PLAIN_TASK_MS: TASK_MS, WORKER_CONCURRENCY: SLOTS };
    deployment = await deploy(scope, { workers: WORKERS, env });
  }, 90_000);

  it.each([
    ['deletes', 'deleteQueues'],
    ['empties', 'purge'],
  ] as const)(
    '%s the queues under load, every submission still gets 202, all complete, and the workers listen again',
    async (_what, act) => {
      const { apis, broker, database } = deployment;
      const api = new Api(apis[0]!.url);
      const accepted: string[] = [];
      const load = loadOn(deployment);
      let lost = 0;
      for (let round = 0; round < ROUNDS; round++) {
        await lasting(random.between(100, 900));
        accepted.push(...(await submitBatch(api, 300)));
        await eventually('messages wait', async () => (await broker.depth(broker.due())) > 20, { within: 20_000, every: 5 });
        lost += await broker[act]();
      }
      await lasting(500);
      const outcomes = await load.stop();
      accepted.push(...acceptedOf(outcomes));

      expect(lost).toBeGreaterThan(0);
      expect(outcomes.filter(({ status }) => status !== 202)).toEqual([]);
      const workMs = (accepted.length * TASK_MS) / (WORKERS * SLOTS);
      await database.untilCompleted(accepted, REPAIR_MS + workMs);
      for (const priority of ['high', 'normal', 'low'] as const) {
        await eventually('both workers consume', async () => (await broker.consumers(broker.due(priority))) >= 2, {
          within: 15_000,
        });
      }
    },
    180_000,
  );

  it('empties the queue of a long backlog, it is announced again, but not again and again while it waits', async () => {
    const { apis, broker, database } = await deploy(scope, {
      env: { ...QUICK_REPAIR, PLAIN_TASK_MS: 60, WORKER_CONCURRENCY: 16 },
    });
    const api = new Api(apis[0]!.url);
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) ids.push(...(await submitBatch(api, 1_000)));
    const ratios: number[] = [];
    await eventually(
      'tasks have waited so long that they are believed to be in the queue',
      async () => {
        const depth = await broker.depth(broker.due());
        ratios.push(depth / (await database.count("status = 'PENDING'")));
        return (await database.count("status = 'PENDING' AND announce_at IS NULL")) > 500;
      },
      { within: 20_000, every: 200 },
    );
    const lost = await broker.purge();

    expect(lost * MOST_TOGETHER).toBeGreaterThan(500);
    expect(Math.max(...ratios)).toBeLessThan(0.5);
    await database.untilCompleted(ids, REPAIR_MS);
    expect(await database.count('attempt <> 1')).toBe(0);
  }, 120_000);
});

async function submitBatch(api: Api, count: number): Promise<string[]> {
  const { body } = await api.post<{ items: { task_id: string }[] }>('/api/tasks/batch', {
    tasks: Array.from({ length: count }, () => plainTask()),
  });
  return body.items.map(({ task_id }) => task_id);
}
