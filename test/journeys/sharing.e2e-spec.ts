import { beforeAll, expect, it } from '@jest/globals';
import { Api, plainTask } from '../support/api.js';
import { deploy, type Deployment } from '../support/deployment.js';
import { scopeOfSuite } from '../support/suite-scope.js';
import { describeWithServers } from '../support/suites.js';

const BATCHES = 8;
const BATCH = 1_000;
const SINGLY = 2_000;
const LINES = 40;

describeWithServers('Two APIs and two workers', () => {
  const scope = scopeOfSuite();
  let deployment: Deployment;

  beforeAll(async () => {
    deployment = await deploy(scope, { apis: 2, workers: 2, env: { PLAIN_TASK_MS: 0 } });
  }, 90_000);

  it('run each of 10,000 tasks once, and share them', async () => {
    const { apis, workers, database } = deployment;
    const api = new Api(...apis.map(({ url }) => url));
    const ids: string[] = [];
    const startedAt = performance.now();
    await Promise.all(
      Array.from({ length: BATCHES }, async () => {
        const tasks = Array.from({ length: BATCH }, () => plainTask());
        const { body } = await api.post<{ items: { task_id: string }[] }>('/api/tasks/batch', { tasks });
        ids.push(...body.items.map(({ task_id }) => task_id));
      }),
    );
    await Promise.all(
      Array.from({ length: LINES }, async () => {
        for (let n = 0; n < SINGLY / LINES; n++) ids.push(await api.submitted(plainTask()));
      }),
    );
    await database.untilCompleted(ids, 90_000);
    process.stdout.write(`${ids.length} tasks were submitted and completed in ${Math.round(performance.now() - startedAt)} ms\n`);

    expect(ids).toHaveLength(10_000);
    expect(await database.count()).toBe(10_000);
    expect(await database.count('attempt <> 1')).toBe(0);
    const parts = await Promise.all(workers.map(({ workerIds }) => database.count('worker_id LIKE ?', [workerIds])));
    expect(parts[0]! + parts[1]!).toBe(10_000);
    expect(Math.min(...parts)).toBeGreaterThan(1_500);
  }, 150_000);

  it('show one state of a task at every door', async () => {
    const [first, second] = deployment.apis.map(({ url }) => new Api(url));
    const id = await first!.submitted(plainTask());
    const task = await second!.untilFinal(id);

    expect(await first!.find(id)).toEqual(task);
  }, 60_000);
});
