import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Api, plainTask, reverseTask } from '../support/api.js';
import { QUICK_REPAIR, deploy, type Deployment } from '../support/deployment.js';
import { eventually } from '../support/eventually.js';
import { Load, acceptedOf } from '../support/load.js';
import type { TaskwellProcess } from '../support/processes.js';
import { Scope } from '../support/scope.js';
import { describeWithServers } from '../support/suites.js';

/** Lease, sweep and reconnection of QUICK_REPAIR, with room for a slow machine. */
const REPAIR_MS = 20_000;

describeWithServers('When a worker goes away', () => {
  let scope: Scope;

  beforeEach(() => {
    scope = new Scope();
  });

  afterEach(() => scope.end(), 60_000);

  /** How many tasks are in the hands of a worker. */
  const inHandsOf = ({ database }: Deployment, worker: TaskwellProcess) =>
    database.count("status = 'PROCESSING' AND worker_id LIKE ?", [worker.workerIds]);

  /** The worker that has the task, and the other one. */
  const holder = ({ database, workers }: Deployment, id: string) =>
    eventually(
      'a worker runs the task',
      async () => {
        const { status, worker_id } = await database.task(id);
        const having = workers.find(({ pid }) => worker_id?.includes(`:${pid}:`));
        return status === 'PROCESSING' && having && { having, other: workers.find((worker) => worker !== having)! };
      },
      { within: 10_000, every: 20 },
    );

  it('by kill -9, its tasks complete elsewhere within lease and sweep, and only they run again', async () => {
    const deployment = await deploy(scope, {
      workers: 2,
      env: { ...QUICK_REPAIR, PLAIN_TASK_MS: 1_000, WORKER_CONCURRENCY: 16 },
    });
    const { apis, workers, database } = deployment;
    const api = new Api(apis[0]!.url);
    const ids = await Promise.all(Array.from({ length: 60 }, () => api.submitted(plainTask())));
    await eventually('it has its hands full', async () => (await inHandsOf(deployment, workers[0]!)) >= 10, {
      within: 10_000,
      every: 10,
    });
    await workers[0]!.kill();
    const lost = await database.rows<{ id: string }>(
      "SELECT id FROM {db}.tasks WHERE status = 'PROCESSING' AND worker_id LIKE ?",
      [workers[0]!.workerIds],
    );
    await database.untilCompleted(ids, REPAIR_MS);

    const again = await database.rows<{ id: string; crashes: number; failures: number }>(
      'SELECT id, crashes, failures FROM {db}.tasks WHERE attempt > 1',
    );
    expect(new Set(again.map(({ id }) => id))).toEqual(new Set(lost.map(({ id }) => id)));
    expect(again.every(({ crashes, failures }) => crashes === 1 && failures === 0)).toBe(true);
  }, 90_000);

  it('by SIGSTOP past its lease, the newer attempt stands and nothing changes when the old one wakes', async () => {
    const deployment = await deploy(scope, { workers: 2, env: { ...QUICK_REPAIR, PLAIN_TASK_MS: 2_500 } });
    const { apis, database } = deployment;
    const id = await new Api(apis[0]!.url).submitted(plainTask());
    const { having, other } = await holder(deployment, id);
    having.signal('SIGSTOP');
    await eventually('the newer attempt completes', async () => (await database.task(id)).status === 'COMPLETED', {
      within: REPAIR_MS,
    });
    const outcome = await database.task(id);
    having.signal('SIGCONT');
    await eventually('the old attempt learns that it lost', () => /lost its lease/.test(having.output), { within: 10_000 });
    await having.ready();

    expect(outcome).toMatchObject({ attempt: 2, crashes: 1 });
    expect(outcome.worker_id).toContain(`:${other.pid}:`);
    expect(await database.task(id)).toEqual(outcome);
  }, 90_000);

  it('by SIGSTOP while the newer attempt still runs, the old one does not end it', async () => {
    const deployment = await deploy(scope, { workers: 2, env: { ...QUICK_REPAIR, PLAIN_TASK_MS: 5_000 } });
    const { apis, database } = deployment;
    const id = await new Api(apis[0]!.url).submitted(plainTask());
    const { having, other } = await holder(deployment, id);
    having.signal('SIGSTOP');
    await eventually('the newer attempt runs', async () => (await database.task(id)).attempt === 2, {
      within: REPAIR_MS,
      every: 10,
    });
    having.signal('SIGCONT');
    await eventually('the old attempt learns that it lost', () => /lost its lease/.test(having.output), { within: 10_000 });

    expect(await database.task(id)).toMatchObject({ status: 'PROCESSING', attempt: 2 });
    await database.untilCompleted([id], REPAIR_MS);
    const outcome = await database.task(id);
    expect(outcome).toMatchObject({ attempt: 2, crashes: 1 });
    expect(outcome.worker_id).toContain(`:${other.pid}:`);
  }, 90_000);

  it('by SIGTERM under load, it finishes what it has, ends with 0, and no task runs twice', async () => {
    const deployment = await deploy(scope, { workers: 2, env: { ...QUICK_REPAIR, PLAIN_TASK_MS: 300 } });
    const { apis, workers, database } = deployment;
    const load = new Load(new Api(apis[0]!.url), { lines: 4, pauseMs: 5 });
    await eventually('it has its hands full', async () => (await inHandsOf(deployment, workers[0]!)) >= 10, {
      within: 10_000,
      every: 10,
    });

    expect(await workers[0]!.stop()).toEqual({ code: 0, signal: null });
    await database.untilCompleted(acceptedOf(await load.stop()), REPAIR_MS + 20_000);
    expect(await database.count('attempt <> 1 OR failures <> 0 OR crashes <> 0')).toBe(0);
  }, 90_000);

  it('by SIGTERM with tasks that outlast the grace time, they run again at once and pay nothing for it', async () => {
    const env = { LEASE_SECONDS: 120, PLAIN_TASK_MS: 4_000, SHUTDOWN_GRACE_SECONDS: 0 };
    const deployment = await deploy(scope, { workers: 2, env });
    const { apis, workers, database } = deployment;
    const api = new Api(apis[0]!.url);
    const ids = await Promise.all(Array.from({ length: 12 }, () => api.submitted(plainTask({ max_attempts: 1 }))));
    await eventually('all are running', async () => (await database.count("status = 'PROCESSING'")) === 12, {
      within: 10_000,
      every: 10,
    });
    const held = await inHandsOf(deployment, workers[0]!);

    expect(await workers[0]!.stop()).toEqual({ code: 0, signal: null });
    await database.untilCompleted(ids, 30_000);
    expect(await database.count('attempt = 2')).toBe(held);
    expect(await database.count('failures <> 0 OR crashes <> 0')).toBe(0);
  }, 90_000);

  it('or keeps running a cancelled task, it is told to stop within two seconds from any door', async () => {
    const deployment = await deploy(scope, { env: { PLAIN_TASK_MS: 600_000, WORKER_CONCURRENCY: 1 } });
    const api = new Api(deployment.apis[0]!.url);
    const id = await api.submitted(plainTask());
    await holder(deployment, id);
    const next = await api.submitted(reverseTask('x'));
    const cancelledAt = performance.now();
    await api.post(`/api/tasks/${id}/cancel`);

    expect(await api.untilFinal(next, 10)).toMatchObject({ status: 'COMPLETED' });
    expect(performance.now() - cancelledAt).toBeLessThan(3_000);
    expect(await api.find(id)).toMatchObject({ status: 'CANCELLED', attempt: 1 });
  }, 60_000);
});
