import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Api, plainTask, reverseTask } from '../support/api.js';
import { QUICK_REPAIR, deploy, type Deployment } from '../support/deployment.js';
import { eventually } from '../support/eventually.js';
import { Load, acceptedOf, median } from '../support/load.js';
import { TaskwellProcess } from '../support/processes.js';
import { Random } from '../support/random.js';
import { Scope } from '../support/scope.js';
import { AMQP_URL } from '../support/servers.mjs';
import { describeWithServers } from '../support/suites.js';
import { TcpProxy } from '../support/tcp-proxy.js';

/** Reconnection, the time until a silent announcement is repeated, and sweep, with room for a slow machine. */
const REPAIR_MS = 60_000;
const FAULT_MS = 3_000;

describeWithServers('When the broker fails', () => {
  const random = Random.seeded('When the broker fails');
  let scope: Scope;

  beforeEach(() => {
    scope = new Scope();
  });

  afterEach(() => scope.end(), 60_000);

  const behindProxy = async (env = {}): Promise<Deployment & { proxy: TcpProxy }> => {
    const proxy = await TcpProxy.before(AMQP_URL, scope);
    const deployment = await deploy(scope, {
      apis: 2,
      workers: 2,
      env: { ...QUICK_REPAIR, PLAIN_TASK_MS: 20, ...env },
      ways: { broker: (url) => proxy.through(url) },
    });
    return { ...deployment, proxy };
  };

  const loadOn = ({ apis }: Deployment) => new Load(new Api(...apis.map(({ url }) => url)), { lines: 4, pauseMs: 10 });

  /** Until the load has gone on for so long. */
  const lasting = (ms: number) => {
    const over = performance.now() + ms;
    return eventually(`${ms} ms are over`, () => performance.now() >= over, { within: ms + 5_000, every: 5 });
  };

  it.each(['cut', 'hold'] as const)(
    'by a connection that is in the state "%s", every submission still gets 202 within a second more, and all complete',
    async (fault) => {
      const deployment = await behindProxy();
      const { proxy, database } = deployment;
      const load = loadOn(deployment);
      await lasting(1_000 + random.between(0, 500));
      const faultAt = performance.now();
      proxy[fault]();
      await lasting(FAULT_MS + random.between(0, 4_000));
      proxy.resume();
      await lasting(1_000);
      const outcomes = await load.stop();

      const usual = median(outcomes.filter(({ sentAt }) => sentAt < faultAt).map(({ ms }) => ms));
      expect(outcomes.filter(({ status }) => status !== 202)).toEqual([]);
      expect(Math.max(...outcomes.map(({ ms }) => ms))).toBeLessThan(usual + 1_000);
      await database.untilCompleted(acceptedOf(outcomes), REPAIR_MS);
    },
    150_000,
  );

  it.each([
    ['deletes', 'deleteQueues'],
    ['empties', 'purge'],
  ] as const)(
    'because somebody %s the queues under load, every submission still gets 202, and all complete',
    async (_what, act) => {
      const deployment = await deploy(scope, { workers: 2, env: { ...QUICK_REPAIR, PLAIN_TASK_MS: 50, WORKER_CONCURRENCY: 4 } });
      const { broker, database } = deployment;
      const load = loadOn(deployment);
      let lost = 0;
      for (let n = 0; n < 3; n++) {
        await lasting(1_000 + random.between(0, 1_000));
        lost += await broker[act]();
      }
      await lasting(500);
      const outcomes = await load.stop();

      expect(lost).toBeGreaterThan(0);
      expect(outcomes.filter(({ status }) => status !== 202)).toEqual([]);
      await database.untilCompleted(acceptedOf(outcomes), REPAIR_MS);
      for (const priority of ['high', 'normal', 'low'] as const) {
        await eventually('both workers consume again', async () => (await broker.consumers(broker.due(priority))) >= 2, {
          within: 15_000,
        });
      }
    },
    150_000,
  );

  it('by losing all of a long backlog, it is announced again, but not again and again while it waits', async () => {
    const { apis, broker, database } = await deploy(scope, {
      env: { ...QUICK_REPAIR, PLAIN_TASK_MS: 60, WORKER_CONCURRENCY: 16 },
    });
    const api = new Api(apis[0]!.url);
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) {
      const { body } = await api.post<{ items: { task_id: string }[] }>('/api/tasks/batch', {
        tasks: Array.from({ length: 1_000 }, () => plainTask()),
      });
      ids.push(...body.items.map(({ task_id }) => task_id));
    }
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

    expect(lost).toBeGreaterThan(500);
    expect(Math.max(...ratios)).toBeLessThan(1.1);
    await database.untilCompleted(ids, REPAIR_MS);
    expect(await database.count('attempt <> 1')).toBe(0);
  }, 120_000);

  it('before they start, API and worker wait for it, and tasks accepted meanwhile complete', async () => {
    const proxy = await TcpProxy.before(AMQP_URL, scope);
    const deployment = await deploy(scope, {
      apis: 1,
      workers: 0,
      env: QUICK_REPAIR,
      ways: { broker: (url) => proxy.through(url) },
    });
    proxy.cut();
    const env = deployment.env;
    const api = await TaskwellProcess.start('api', scope, env);
    const worker = await TaskwellProcess.spawn('worker', scope, env);
    const ids = await Promise.all(Array.from({ length: 20 }, () => new Api(api.url).submitted(reverseTask('x'))));
    proxy.resume();

    await worker.ready();
    await deployment.database.untilCompleted(ids, REPAIR_MS);
  }, 120_000);

  it('by giving out messages that are no announcements, they are parked or dropped, and the queue moves on', async () => {
    const { apis, workers, broker, database } = await deploy(scope, { workers: 2, env: { ...QUICK_REPAIR, PLAIN_TASK_MS: 0 } });
    const api = new Api(apis[0]!.url);
    const done = await api.untilFinal(await api.submitted(reverseTask('abc')));
    const event = (data: unknown, more = {}) => JSON.stringify({ pattern: 'task.due', data, ...more });
    const unreadable: (string | Buffer)[] = [
      '',
      'not JSON',
      '{"data":{}}',
      'null',
      '[]',
      '{"pattern":"task.due"}',
      '{"pattern":"no.such","data":{}}',
      event({ id: done.task_id }, { id: '1' }),
      event({ id: 7 }),
      event({ id: "' OR 1=1 --" }),
      event({ id: done.task_id, priority: 255 }),
      Buffer.from([0xff, 0xfe, 0x00]),
      Buffer.alloc(10 * 1024 * 1024, 'x'),
      '['.repeat(10_000),
    ];
    const readable = [
      event({ id: done.task_id, priority: 'normal' }),
      event({ id: done.task_id, priority: 'normal', type: 'plain', payload: { text: 'other' } }),
      event({ id: '01900000-0000-7000-8000-000000000000', priority: 'high' }),
    ];
    for (const body of [...unreadable, ...readable]) await broker.publish(broker.due(), body);
    await broker.publish(broker.due(), readable[0]!, { priority: 255 });
    await broker.publish(broker.due(), readable[0]!, {
      headers: { 'x-death': 'nonsense' },
      replyTo: 'nobody',
      correlationId: 'x',
    });
    const after = await Promise.all(Array.from({ length: 50 }, () => api.submitted(plainTask())));

    await database.untilCompleted(after, REPAIR_MS);
    await eventually('the unreadable ones are parked', async () => (await broker.depth(broker.dead)) === unreadable.length, {
      within: 15_000,
    });
    expect(await broker.depth(broker.due())).toBe(0);
    expect(await api.find(done.task_id)).toEqual(done);
    expect(await database.count('attempt <> 1')).toBe(0);
    expect(await database.count()).toBe(51);
    for (const worker of workers) await worker.ready();
  }, 120_000);

  it('by giving out every announcement many times at once, each task still runs once', async () => {
    const { apis, broker, database } = await deploy(scope, { workers: 2, env: { ...QUICK_REPAIR, PLAIN_TASK_MS: 30 } });
    const api = new Api(apis[0]!.url);
    const ids = await Promise.all(Array.from({ length: 30 }, () => api.submitted(plainTask({ delay_seconds: 1 }))));
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        for (const id of ids)
          await broker.publish(broker.due(), JSON.stringify({ pattern: 'task.due', data: { id, priority: 'normal' } }));
      }),
    );

    await database.untilCompleted(ids, REPAIR_MS);
    expect(await database.count('attempt <> 1')).toBe(0);
  }, 120_000);
});
