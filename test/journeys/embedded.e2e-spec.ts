import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { BAD_BODIES } from '../e2e/bad-bodies.js';
import { Api, plainTask, reverseTask, type Page } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { Load, acceptedOf } from '../support/load.js';
import { expectProblem } from '../support/matchers.js';
import { TaskwellProcess, type Env } from '../support/processes.js';
import { Random } from '../support/random.js';
import { Scope } from '../support/scope.js';

const LEASE_SECONDS = 5;
const MEGABYTE = 1024 * 1024;

/** One process on one SQLite file: what it survives. */
describe('Embedded', () => {
  const random = Random.seeded('Embedded');
  let scope: Scope;
  let folder: string;

  beforeEach(async () => {
    scope = new Scope();
    folder = await mkdtemp(join(tmpdir(), 'taskwell-test-'));
    scope.onEnd(() => rm(folder, { recursive: true, force: true }));
  });

  afterEach(() => scope.end(), 60_000);

  /** Starts a process on this test's file. */
  const start = (env: Env = {}) => TaskwellProcess.start('api', scope, onFile(env));
  const onFile = (env: Env): Env => ({
    DATABASE_URL: `sqlite:${join(folder, 'taskwell.db')}`,
    LEASE_SECONDS,
    SWEEP_SECONDS: 1,
    ...env,
  });

  it('completes every accepted task after kill -9 in the middle', async () => {
    const first = await start({ PLAIN_TASK_MS: 200 });
    const load = new Load(new Api(first.url), { lines: 4, pauseMs: 2 });
    const enough = random.between(100, 300);
    await eventually(`${enough} tasks are accepted`, () => load.accepted.length >= enough, { within: 20_000, every: 5 });
    await first.kill();
    const accepted = acceptedOf(await load.stop());
    const second = new Api((await start({ PLAIN_TASK_MS: 0 })).url);

    await eventually(
      'all are completed',
      async () => (await second.listAll({ status: 'PENDING,PROCESSING', page_size: 200 })).length === 0,
      {
        within: 30_000,
      },
    );
    const completed = new Set((await second.listAll({ status: 'COMPLETED', page_size: 200 })).map(({ task_id }) => task_id));
    expect(accepted.filter((id) => !completed.has(id))).toEqual([]);
  }, 90_000);

  it('refuses a second process on the same file with a clear line and exit code 1', async () => {
    await start();
    const second = await TaskwellProcess.spawn('api', scope, onFile({}));

    expect(await second.ended).toEqual({ code: 1, signal: null });
    expect(second.output).toMatch(/Taskwell did not start.*(in use|already|another|locked)/i);
    expect(second.output).not.toMatch(/^\s+at /m);
  }, 60_000);

  it('starts on the file of a process that was killed', async () => {
    await (await start()).kill();

    expect((await new Api((await start()).url).get('/readyz')).status).toBe(200);
  }, 60_000);

  it('finishes what runs when it gets SIGTERM, and ends with 0', async () => {
    const first = await start({ PLAIN_TASK_MS: 1_000 });
    const api = new Api(first.url);
    const id = await api.submitted(plainTask());
    await eventually('it runs', async () => (await api.find(id)).status === 'PROCESSING', { within: 5_000, every: 10 });

    expect(await first.stop()).toEqual({ code: 0, signal: null });
    expect(await new Api((await start()).url).find(id)).toMatchObject({ status: 'COMPLETED', attempt: 1 });
  }, 60_000);

  it('hands back what runs longer than the grace time, and the task pays nothing for it', async () => {
    const first = await start({ PLAIN_TASK_MS: 600_000, SHUTDOWN_GRACE_SECONDS: 1, LEASE_SECONDS: 600 });
    const api = new Api(first.url);
    const id = await api.submitted(plainTask({ max_attempts: 1 }));
    await eventually('it runs', async () => (await api.find(id)).status === 'PROCESSING', { within: 5_000, every: 10 });

    expect(await first.stop()).toEqual({ code: 0, signal: null });
    const again = new Api((await start({ PLAIN_TASK_MS: 0, LEASE_SECONDS: 600 })).url);
    expect(await again.untilFinal(id)).toMatchObject({ status: 'COMPLETED', attempt: 2, error: null });
    expect((await again.get(`/api/tasks/${id}/attempts`)).body).toEqual({ items: [] });
  }, 60_000);

  it('keeps every task that it accepted while it was being shut down', async () => {
    const first = await start({ PLAIN_TASK_MS: 50 });
    const load = new Load(new Api(first.url), { lines: 8 });
    await eventually('it is under load', () => load.accepted.length > 50, { within: 10_000, every: 5 });

    expect(await first.stop()).toEqual({ code: 0, signal: null });
    const accepted = acceptedOf(await load.stop());
    const second = new Api((await start({ PLAIN_TASK_MS: 0 })).url);
    const kept = new Set((await second.listAll({ page_size: 200 })).map(({ task_id }) => task_id));
    expect(accepted.filter((id) => !kept.has(id))).toEqual([]);
  }, 60_000);

  it('lets clients that wait go when it is shut down', async () => {
    const first = await start();
    const api = new Api(first.url);
    const id = await api.submitted(plainTask({ delay_seconds: 3600 }));
    const waiting = api.get(`/api/tasks/${id}?wait=30`);
    await eventually('the wait has begun', async () => (await api.get('/livez')).status === 200, { within: 5_000 });

    expect(await first.stop()).toEqual({ code: 0, signal: null });
    expect(await waiting).toMatchObject({ status: 200, body: { status: 'PENDING' } });
  }, 60_000);

  it('tells a running handler to stop when its task is cancelled, and gives its place to the next', async () => {
    const api = new Api((await start({ PLAIN_TASK_MS: 600_000, WORKER_CONCURRENCY: 1 })).url);
    const id = await api.submitted(plainTask());
    await eventually('it runs', async () => (await api.find(id)).status === 'PROCESSING', { within: 5_000, every: 10 });
    const next = await api.submitted(reverseTask('x'));
    await api.post(`/api/tasks/${id}/cancel`);

    expect(await api.untilFinal(next, 4)).toMatchObject({ status: 'COMPLETED' });
    expect(await api.find(id)).toMatchObject({ status: 'CANCELLED', attempt: 1 });
  }, 60_000);

  it('ends an attempt that takes too long, tries again, and fails the task after the last', async () => {
    const api = new Api((await start({ PLAIN_TASK_MS: 600_000 })).url);
    const id = await api.submitted(plainTask({ timeout_seconds: 1, max_attempts: 2 }));

    expect(await api.untilFinal(id)).toMatchObject({ status: 'FAILED', attempt: 2, error: { kind: 'timeout', attempt: 2 } });
    expect((await api.get(`/api/tasks/${id}/attempts`)).body).toMatchObject({
      items: [
        { attempt: 1, error: { kind: 'timeout' } },
        { attempt: 2, error: { kind: 'timeout' } },
      ],
    });
  }, 60_000);

  it('fails a task that was in the hands of every process that crashed', async () => {
    const env: Env = { PLAIN_TASK_MS: 600_000, MAX_CRASHES: 2 };
    const first = await start(env);
    const id = await new Api(first.url).submitted(plainTask());
    const runsAs = (process: TaskwellProcess, attempt: number) =>
      eventually(
        `attempt ${attempt} runs`,
        async () => {
          const task = await new Api(process.url).find(id);
          return task.status === 'PROCESSING' && task.attempt === attempt;
        },
        { within: 20_000 },
      );
    await runsAs(first, 1);
    await first.kill();
    const second = await start(env);
    await runsAs(second, 2);
    await second.kill();

    expect(await new Api((await start(env)).url).untilFinal(id)).toMatchObject({
      status: 'FAILED',
      attempt: 2,
      error: { kind: 'crash' },
    });
  }, 90_000);

  it('makes one task of one key, also when it is killed between the row and the answer', async () => {
    const keys = Array.from({ length: 40 }, (_, n) => `key-${n}`);
    const submitAll = (url: string) =>
      Promise.allSettled(
        keys.map((key) => new Api(url).submit(plainTask({ tags: [key], delay_seconds: 3600 }), { 'idempotency-key': key })),
      );
    for (let round = 0; round < 3; round++) {
      const process = await start();
      const sent = submitAll(process.url);
      const killAt = performance.now() + random.next() * 40;
      await eventually('the moment has come', () => performance.now() >= killAt, { within: 1_000, every: 1 });
      await process.kill();
      await sent;
    }
    const { url } = await start();
    const answers = await submitAll(url);

    expect(answers.map((answer) => answer.status === 'fulfilled' && answer.value.status)).toEqual(keys.map(() => 202));
    const tags = (await new Api(url).listAll({ page_size: 200 })).flatMap((task) => task.tags);
    expect(tags.sort()).toEqual([...keys].sort());
  }, 90_000);

  it('stays up and small under every bad body, keeps none of them, and logs no escape sequence', async () => {
    const started = await start();
    const api = new Api(started.url);
    await api.post('/api/tasks', '{', { 'content-type': 'application/json' });
    const before = await started.residentBytes();
    const bodies = BAD_BODIES.map(({ body }) => api.post('/api/tasks', body, { 'content-type': 'application/json' }));
    const neighbour = new Api(started.url);
    const probes = [];
    for (let n = 0; n < 20; n++) probes.push(await neighbour.get('/livez'));
    await Promise.all(bodies);
    const after = await started.residentBytes();

    expect(Math.max(...probes.map(({ ms }) => ms))).toBeLessThan(1_000);
    expect((await api.get<Page>('/api/tasks')).body.items).toEqual([]);
    expect(started.output).not.toContain('\u001b');
    if (before && after) expect((after - before) / MEGABYTE).toBeLessThan(64);
  }, 60_000);

  it('takes no submission without a key where keys are required', async () => {
    const api = new Api((await start({ IDEMPOTENCY_KEY: 'required' })).url);

    expectProblem(await api.submit(plainTask()), 400, undefined, ['/header/idempotency-key']);
    expect((await api.submit(plainTask(), { 'idempotency-key': 'k' })).status).toBe(202);
  }, 60_000);
});
