import { beforeAll, expect, it } from '@jest/globals';
import { Api, plainTask, reverseTask } from '../support/api.js';
import { deploy, type Deployment } from '../support/deployment.js';
import { eventually } from '../support/eventually.js';
import { TaskwellProcess } from '../support/processes.js';
import { scopeOfSuite } from '../support/suite-scope.js';
import { describeWithServers } from '../support/suites.js';

interface Worker {
  worker_id: string;
  state: string;
  pid: number;
  running: { task_id: string }[];
}

interface ActionState {
  status: string;
  total: number;
  done: number;
  failed: number;
}

describeWithServers('Operations, on several processes', () => {
  const scope = scopeOfSuite();
  let deployment: Deployment;
  let api: Api;

  beforeAll(async () => {
    deployment = await deploy(scope, {
      apis: 1,
      workers: 2,
      env: { PLAIN_TASK_MS: 300, LEASE_SECONDS: 6, SWEEP_SECONDS: 1, AMQP_HEARTBEAT_SECONDS: 2 },
    });
    api = new Api(deployment.apis[0]!.url);
  }, 90_000);

  const workers = async () => (await api.get<{ items: Worker[] }>('/api/workers')).body.items;
  const workerOf = async ({ pid }: TaskwellProcess) => (await workers()).find((worker) => worker.pid === pid);

  it('keeps a queue paused over a restart of its workers, and then all its tasks go on', async () => {
    await api.post('/api/queues/text.reverse/pause');
    for (const worker of deployment.workers) await worker.stop();
    deployment.workers = await Promise.all([1, 2].map(() => TaskwellProcess.start('worker', scope, deployment.env)));
    await eventually(
      'both workers are known',
      async () => (await workers()).filter(({ state }) => state === 'alive').length === 2,
    );
    const tasks = Array.from({ length: 1_500 }, () => reverseTask('x'));
    await api.post('/api/tasks/batch', { tasks: tasks.slice(0, 750) });
    await api.post('/api/tasks/batch', { tasks: tasks.slice(750) });
    const other = await api.submitted(plainTask());

    expect((await api.untilFinal(other)).status).toBe('COMPLETED');
    await eventually(
      'what was announced is held',
      async () => (await deployment.database.count("announce_at > '9000-01-01'")) > 1_400,
    );
    expect(await deployment.database.count("type = 'text.reverse' AND status <> 'PENDING'")).toBe(0);

    await api.post('/api/queues/text.reverse/resume');
    await eventually(
      'all of them complete',
      async () => (await deployment.database.count("type = 'text.reverse' AND status = 'COMPLETED'")) === 1_500,
      { within: 60_000 },
    );
  }, 120_000);

  it('a worker that is drained finishes what it has and takes nothing new', async () => {
    const [drained, other] = deployment.workers as [TaskwellProcess, TaskwellProcess];
    const { worker_id } = (await workerOf(drained))!;
    await api.post(`/api/workers/${encodeURIComponent(worker_id)}/drain`);
    await eventually('it has heard of that', () => drained.output.includes('takes no more tasks, as it was asked'));
    const ids = await Promise.all(Array.from({ length: 50 }, () => api.submitted(plainTask())));
    await deployment.database.untilCompleted(ids, 30_000);

    const [byDrained, byOther] = await Promise.all(
      [drained, other].map(({ workerIds }) => deployment.database.count('worker_id LIKE ? AND id IN (?)', [workerIds, ids])),
    );
    expect({ byDrained, byOther }).toEqual({ byDrained: 0, byOther: 50 });
    expect(await workerOf(drained)).toMatchObject({ state: 'draining' });
    expect(drained.endedWith).toBeNull();

    await drained.stop();
    expect(await workerOf(drained)).toBeUndefined();
    deployment.workers = [other, await TaskwellProcess.start('worker', scope, deployment.env)];
  }, 60_000);

  it('a worker that is killed is gone soon', async () => {
    const victim = await TaskwellProcess.start('worker', scope, deployment.env);
    await eventually('it is known', async () => (await workerOf(victim))?.state === 'alive');
    await victim.kill();

    await eventually('it is gone', async () => (await workerOf(victim))?.state === 'gone', { within: 20_000 });
  }, 60_000);

  it('retries each of 500 failed tasks once, also when its worker is killed in the middle', async () => {
    const failing = { type: 'text.sentiment', payload: { text: 'x' }, tags: ['bulk'], max_attempts: 1 };
    const { body } = await api.post<{ items: { task_id: string }[] }>('/api/tasks/batch', {
      tasks: Array.from({ length: 500 }, () => failing),
    });
    const ids = body.items.map(({ task_id }) => task_id);
    await deployment.database.untilCompleted(ids, 30_000);
    await deployment.database.run(
      `UPDATE ${deployment.database.name}.tasks SET status = 'FAILED', error = '{"kind":"error","message":"no luck","attempt":1}' WHERE id IN (?)`,
      [ids],
    );
    const filter = { status: 'FAILED', tag: 'bulk', q: 'no luck' };
    const counted = await api.post('/api/actions', { action: 'retry', filter, dry_run: true });
    expect(counted).toMatchObject({ status: 200, body: { count: 500, exact: true } });

    const begun = await api.post<{ action_id: string }>('/api/actions', { action: 'retry', filter });
    const state = async () => (await api.get<ActionState>(`/api/actions/${begun.body.action_id}`)).body;
    const some = async () => (await deployment.database.count('retry_of IS NOT NULL')) > 0;
    await eventually('it has begun', some, { within: 30_000, every: 1 });
    for (const worker of deployment.workers) await worker.kill();
    const doneBefore = (await state()).done;
    deployment.workers = [await TaskwellProcess.start('worker', scope, deployment.env)];
    await eventually('it is done', async () => (await state()).status === 'DONE', { within: 60_000 });

    process.stdout.write(`Killed after ${doneBefore} of 500 were noted as done\n`);
    expect(await state()).toMatchObject({ status: 'DONE', total: 500, done: 500, failed: 0 });
    const retries = await deployment.database.rows<{ n: number }>(
      'SELECT COUNT(*) AS n FROM {db}.tasks WHERE retry_of IN (?) GROUP BY retry_of',
      [ids],
    );
    expect(retries).toHaveLength(500);
    expect(Math.max(...retries.map(({ n }) => n))).toBe(1);
  }, 150_000);
});
