import { beforeAll, expect, it } from '@jest/globals';
import { Api, reverseTask } from '../support/api.js';
import { QUICK_REPAIR, deploy, type Deployment } from '../support/deployment.js';
import { eventually } from '../support/eventually.js';
import { send } from '../support/http.js';
import { scopeOfSuite } from '../support/suite-scope.js';
import { describeWithServers } from '../support/suites.js';

/** What the worker has to fail its probe or to help itself. */
const WITHIN_MS = 15_000;

describeWithServers('A worker', () => {
  const scope = scopeOfSuite();
  let deployment: Deployment;

  beforeAll(async () => {
    deployment = await deploy(scope, { env: { ...QUICK_REPAIR, SWEEP_SECONDS: 300 } });
  }, 90_000);

  it('whose consumers are cancelled because their queues were deleted consumes again within 15 s', async () => {
    const { broker, apis, workers } = deployment;
    await broker.deleteQueues();

    await eventually('every queue has a consumer', () => everyQueueHasAConsumer(deployment), { within: WITHIN_MS });
    const id = await new Api(apis[0]!.url).submitted(reverseTask('abc'));
    expect((await new Api(apis[0]!.url).untilFinal(id, 15)).status).toBe('COMPLETED');
    expect((await send(workers[0]!.url, { path: '/livez' })).status).toBe(200);
  }, 60_000);

  it('says that it lives, and names what it depends on', async () => {
    const [worker] = deployment.workers;

    expect((await send(worker!.url, { path: '/livez' })).status).toBe(200);
    expect((await send(worker!.url, { path: '/readyz?verbose' })).body).toMatchObject({
      status: 'ok',
      dependencies: [
        { name: 'store', state: 'up' },
        { name: 'transport', state: 'up' },
      ],
    });
  });
});

async function everyQueueHasAConsumer({ broker }: Deployment): Promise<boolean> {
  for (const priority of ['high', 'normal', 'low'] as const)
    if ((await broker.consumers(broker.due(priority))) === 0) return false;
  return true;
}
