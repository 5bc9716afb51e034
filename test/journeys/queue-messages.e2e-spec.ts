import { beforeAll, expect, it } from '@jest/globals';
import { Api, plainTask, reverseTask } from '../support/api.js';
import { QUICK_REPAIR, deploy, type Deployment } from '../support/deployment.js';
import { eventually } from '../support/eventually.js';
import { scopeOfSuite } from '../support/suite-scope.js';
import { describeWithServers } from '../support/suites.js';

const REPAIR_MS = 60_000;

describeWithServers('When the queue gives out', () => {
  const scope = scopeOfSuite();
  let deployment: Deployment;

  beforeAll(async () => {
    deployment = await deploy(scope, { workers: 2, env: { ...QUICK_REPAIR, PLAIN_TASK_MS: 800 } });
  }, 90_000);

  it('messages that are no announcements, they are parked or dropped, and the queue moves on', async () => {
    const { apis, workers, broker, database } = deployment;
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

  it('every announcement many times while the task runs, each task still runs once', async () => {
    const { apis, broker, database } = deployment;
    const api = new Api(apis[0]!.url);
    const ids = await Promise.all(Array.from({ length: 30 }, () => api.submitted(plainTask())));
    await eventually('they run', async () => (await database.count("status = 'PROCESSING'")) > 10, { within: 5_000, every: 5 });
    await Promise.all(
      ids.map(async (id) => {
        const copy = JSON.stringify({ pattern: 'task.due', data: { id, priority: 'normal' } });
        for (let n = 0; n < 10; n++) await broker.publish(broker.due(), copy);
      }),
    );

    await database.untilCompleted(ids, REPAIR_MS);
    await eventually('every copy is acknowledged', async () => (await broker.depth(broker.due())) === 0, { within: 10_000 });
    expect(await database.count('attempt <> 1')).toBe(0);
  }, 120_000);
});
