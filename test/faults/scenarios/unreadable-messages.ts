import { performance } from 'node:perf_hooks';
import { announcementOf } from '../parts/announcements.js';
import { LEASE_AND_SWEEP_MS } from '../bounds.js';
import type { Scenario } from '../scenario.js';

const PARKED_WITHIN_MS = 1_000;
const MIB = 1024 * 1024;

/** What can never be an announcement. */
function unreadable(id: string): (string | Buffer)[] {
  const event = (data: unknown, more = {}) => JSON.stringify({ pattern: 'task.due', data, ...more });
  return [
    '',
    ' ',
    'not JSON',
    '{"pattern":"task.due","data":{"id":"',
    'null',
    'true',
    '0',
    '[]',
    '"task.due"',
    '{}',
    '{"data":{}}',
    '{"pattern":"task.due"}',
    '{"pattern":"task.due","data":null}',
    '{"pattern":"no.such","data":{}}',
    '{"pattern":{"cmd":"task.due"},"data":{}}',
    `{"__proto__":{"pattern":"task.due","data":{"id":"${id}"}}}`,
    event({ id }, { id: '1' }),
    event({ id: 7 }),
    event({ id: '' }),
    event({ id: "' OR 1=1 --" }),
    event({ id: `${id}\u0000` }),
    event({ id: [id] }),
    event({ id, priority: 255 }),
    event({ ids: [] }),
    event({ ids: id }),
    event({ ids: [id, null] }),
    event({ ids: Array<string>(17).fill(id) }),
    Buffer.from([0xff, 0xfe, 0x00]),
    Buffer.from('7b227061747465726e223a22ff227d', 'hex'),
    Buffer.alloc(10 * MIB, 'x'),
    '['.repeat(10_000),
    `{"pattern":"task.due","data":${'{"a":'.repeat(3_000)}1${'}'.repeat(3_000)}}`,
  ];
}

/** What reads well and asks for nothing. */
function idle(id: string): string[] {
  return [
    announcementOf(id),
    announcementOf(id, id, id),
    announcementOf('01900000-0000-7000-8000-000000000000'),
    JSON.stringify({ pattern: 'task.due', data: { id, priority: 'high', type: 'test.abort', payload: {} } }),
  ];
}

export default {
  name: 'unreadable-messages',
  faults: [26],
  title: 'messages that nobody can read come between the announcements',
  needs: { database: 'shared', broker: 'shared' },
  short: true,
  boundMs: LEASE_AND_SWEEP_MS,
  async run(stage) {
    const { broker, workers, database } = await stage.deploy();
    const load = stage.client.load();
    await stage.until('tasks are done', async () => (await database.count(`status = 'COMPLETED'`)) > 20);
    const done = load.accepted[0]!;
    await stage.untilFinal(done, LEASE_AND_SWEEP_MS);
    const strange = unreadable(done);
    const mixed = [...strange, ...idle(done)].map((body) => ({ body, at: stage.random.next() })).sort((a, b) => a.at - b.at);
    const publishedAt = await stage.fault('strangers write into the queue', async () => {
      for (const { body } of mixed) await broker.publish(broker.due(), body);
      return performance.now();
    });
    await stage.until('all of them are parked', async () => (await broker.depth(broker.dead)) >= strange.length);
    const tookMs = Math.round(performance.now() - publishedAt);
    stage.claim(`they were parked within ${PARKED_WITHIN_MS} ms (${tookMs})`, tookMs <= PARKED_WITHIN_MS);
    const before = load.accepted.length;
    await stage.until('the load flows on', () => load.accepted.length > before + 100);
    await load.stop();
    await stage.settle();
    stage.claim('nothing else was parked', (await broker.depth(broker.dead)) === strange.length);
    stage.claim('the queue has its consumer', (await broker.consumers(broker.due())) > 0);
    stage.claim('the worker wrote about it', /unreadable message was parked/.test(workers[0]!.process.output));
    stage.claim('no task ran twice', (await database.count('attempt <> 1')) === 0);
    await workers[0]!.stop();
    stage.claim('everything was acknowledged', (await broker.depth(broker.due())) === 0);
  },
} satisfies Scenario;
