import { beforeAll, expect, it } from '@jest/globals';
import { Api, plainTask, reverseTask } from '../support/api.js';
import { deploy, type Deployment } from '../support/deployment.js';
import { EventStream } from '../support/event-stream.js';
import { eventually, lasting } from '../support/eventually.js';
import { TaskwellProcess } from '../support/processes.js';
import { scopeOfSuite } from '../support/suite-scope.js';
import { describeWithServers } from '../support/suites.js';

/** The history of a task, as a client is told it that begins when it is over. */
async function historyOf(url: string, id: string): Promise<string[]> {
  const stream = await EventStream.open(url, `/api/tasks/${id}/events`);
  await stream.untilEnd();
  return stream.ids;
}

/** Follows a task to its end, cut off again and again, each time through the next door; answers all ids that were seen. */
async function followThrough(doors: readonly string[], id: string, cuts: number, from?: string): Promise<string[]> {
  const seen: string[] = [];
  let lastId = from;
  for (let turn = 0; ; turn++) {
    const stream = await EventStream.open(doors[turn % doors.length]!, `/api/tasks/${id}/events`, lastId).catch(() => null);
    if (!stream) continue;
    if (stream.status === 204) return seen;
    const enough = () => stream.ended || (turn < cuts && stream.ids.length > 0);
    await eventually('the stream is cut or ends', enough, { within: 60_000, every: 1 });
    seen.push(...stream.ids);
    lastId = stream.lastId;
    stream.cut();
  }
}

describeWithServers('Live, through two APIs', () => {
  const scope = scopeOfSuite();
  let deployment: Deployment;
  let doors: string[];

  beforeAll(async () => {
    deployment = await deploy(scope, {
      apis: 2,
      workers: 2,
      env: { PLAIN_TASK_MS: 1_500, LEASE_SECONDS: 6, SWEEP_SECONDS: 1, AMQP_HEARTBEAT_SECONDS: 2 },
    });
    doors = deployment.apis.map(({ url }) => url);
  }, 90_000);

  it('what was seen before and after every cut is the history of the task', async () => {
    const api = new Api(...doors);
    const ids = [];
    for (let n = 0; n < 10; n++) ids.push(await api.submitted(plainTask()));
    for (let n = 0; n < 10; n++) ids.push(await api.submitted(reverseTask('x')));
    const seen = await Promise.all(ids.map((id) => followThrough(doors, id, 6)));
    const histories = await Promise.all(ids.map((id) => historyOf(doors[0]!, id)));

    expect(seen).toEqual(histories);
    expect(histories[0]).toEqual(['0.0.0', '1.0.0', '1.2.0']);
  }, 90_000);

  it('hears at once of what happens elsewhere', async () => {
    const [first, second] = doors.map((url) => new Api(url));
    const id = await first!.submitted(plainTask({ delay_seconds: 3600 }));
    const stream = await second!.open(`/api/tasks/${id}/events`);
    // By then every process knows that somebody listens, and the next look is seconds away.
    await stream.until('it waits', ({ data }) => data.status === 'PENDING');
    await lasting(8_000);
    const cancelledAt = performance.now();
    await first!.post(`/api/tasks/${id}/cancel`);
    await stream.untilEnd();

    expect(performance.now() - cancelledAt).toBeLessThan(1_000);
    expect(stream.statuses()).toEqual(['PENDING', 'CANCELLED']);
  }, 60_000);

  it('the death of a worker in the middle is part of the history', async () => {
    const api = new Api(...doors);
    const victim = await TaskwellProcess.start('worker', scope, {
      ...deployment.env,
      WORKER_CONCURRENCY: 1,
      PLAIN_TASK_MS: 20_000,
    });
    for (const worker of deployment.workers) worker.signal('SIGSTOP');
    const id = await api.submitted(plainTask());
    const following = followThrough(doors, id, 2);
    await eventually('it runs', async () => (await api.find(id)).status === 'PROCESSING', { within: 20_000 });
    await victim.kill();
    for (const worker of deployment.workers) worker.signal('SIGCONT');
    const seen = await following;

    expect(seen).toEqual(await historyOf(doors[1]!, id));
    expect(seen.length).toBeGreaterThan(3);
  }, 120_000);

  it('a client of an API that is killed goes on at the other', async () => {
    const api = new Api(doors[1]!);
    const id = await api.submitted(plainTask({ delay_seconds: 2 }));
    const stream = await EventStream.open(doors[0]!, `/api/tasks/${id}/events`);
    await stream.until('it waits', ({ data }) => data.status === 'PENDING');
    await deployment.apis[0]!.kill();
    await stream.untilEnd();
    const seen = [...stream.ids, ...(await followThrough([doors[1]!], id, 0, stream.lastId))];

    expect(seen).toEqual(await historyOf(doors[1]!, id));
    expect(stream.lastId).toBe('0.0.0');
  }, 60_000);
});
