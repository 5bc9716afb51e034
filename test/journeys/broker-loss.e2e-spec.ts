import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Api, reverseTask } from '../support/api.js';
import { QUICK_REPAIR, deploy, type Deployment } from '../support/deployment.js';
import { lasting } from '../support/eventually.js';
import { acceptedOf, loadOn, median } from '../support/load.js';
import { TaskwellProcess } from '../support/processes.js';
import { Random } from '../support/random.js';
import { scopeOfSuite } from '../support/suite-scope.js';
import { AMQP_URL } from '../support/servers.mjs';
import { describeWithServers } from '../support/suites.js';
import { TcpProxy } from '../support/tcp-proxy.js';

/** Reconnection, the time until a silent announcement is repeated, and sweep, with room for a slow machine. */
const REPAIR_MS = 60_000;

describeWithServers('When the broker cannot be reached', () => {
  const random = Random.seeded('When the broker cannot be reached');
  const scope = scopeOfSuite();
  let proxy: TcpProxy;
  let deployment: Deployment;

  beforeAll(async () => {
    proxy = await TcpProxy.before(AMQP_URL, scope);
    const env = { ...QUICK_REPAIR, PLAIN_TASK_MS: 20 };
    deployment = await deploy(scope, { apis: 2, workers: 2, env, ways: { broker: (url) => proxy.through(url) } });
  }, 90_000);

  it.each([
    ['is cut', 'cut'],
    ['swallows everything', 'hold'],
  ] as const)(
    'because the line %s, every submission still gets 202 within a second more, and all complete',
    async (_what, fault) => {
      const load = loadOn(deployment);
      await lasting(1_000 + random.between(0, 500));
      const faultAt = performance.now();
      proxy[fault]();
      await lasting(3_000 + random.between(0, 4_000));
      proxy.resume();
      await lasting(1_000);
      const outcomes = await load.stop();

      const usual = median(outcomes.filter(({ sentAt }) => sentAt < faultAt).map(({ ms }) => ms));
      expect(outcomes.filter(({ status }) => status !== 202)).toEqual([]);
      expect(Math.max(...outcomes.map(({ ms }) => ms))).toBeLessThan(usual + 1_000);
      await deployment.database.untilCompleted(acceptedOf(outcomes), REPAIR_MS);
    },
    150_000,
  );

  describe('from the start', () => {
    beforeAll(() => proxy.cut());

    afterAll(() => proxy.resume());

    it('API and worker wait for it, and tasks that were accepted meanwhile complete', async () => {
      const { apis, workers, env, database } = deployment;
      await Promise.all([...apis, ...workers].map((process) => process.stop()));
      const api = await TaskwellProcess.start('api', scope, env);
      const worker = await TaskwellProcess.spawn('worker', scope, env);
      const ids = await Promise.all(Array.from({ length: 20 }, () => new Api(api.url).submitted(reverseTask('x'))));
      proxy.resume();

      await worker.ready();
      await database.untilCompleted(ids, REPAIR_MS);
    }, 120_000);
  });
});
