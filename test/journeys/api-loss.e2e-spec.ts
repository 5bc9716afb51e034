import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Api, plainTask } from '../support/api.js';
import { QUICK_REPAIR, deploy } from '../support/deployment.js';
import { eventually } from '../support/eventually.js';
import { Load, acceptedOf } from '../support/load.js';
import { TaskwellProcess } from '../support/processes.js';
import { Random } from '../support/random.js';
import { Scope } from '../support/scope.js';
import { describeWithServers } from '../support/suites.js';

const REPAIR_MS = 60_000;
const ROUNDS = 4;

describeWithServers('When an API goes away', () => {
  const random = Random.seeded('When an API goes away');
  let scope: Scope;

  beforeEach(() => {
    scope = new Scope();
  });

  afterEach(() => scope.end(), 60_000);

  it('by SIGTERM under load, it ends with 0, every 202 has its row, and all complete', async () => {
    const { apis, database } = await deploy(scope, { env: { ...QUICK_REPAIR, PLAIN_TASK_MS: 0 } });
    const load = new Load(new Api(apis[0]!.url), { lines: 16 });
    await eventually('it is under load', () => load.accepted.length > 300, { within: 20_000, every: 5 });

    expect(await apis[0]!.stop()).toEqual({ code: 0, signal: null });
    const accepted = acceptedOf(await load.stop());
    expect(await database.missing(accepted)).toEqual([]);
    await database.untilCompleted(accepted, REPAIR_MS);
  }, 120_000);

  it('by kill -9 under load, every 202 has its row, and every row completes', async () => {
    const { apis, database } = await deploy(scope, { env: { ...QUICK_REPAIR, PLAIN_TASK_MS: 0 } });
    const load = new Load(new Api(apis[0]!.url), { lines: 16 });
    const enough = random.between(100, 500);
    await eventually('it is under load', () => load.accepted.length > enough, { within: 20_000, every: 2 });
    await apis[0]!.kill();
    const accepted = acceptedOf(await load.stop());

    expect(await database.missing(accepted)).toEqual([]);
    await eventually('the unanswered rows complete too', async () => (await database.count("status <> 'COMPLETED'")) === 0, {
      within: REPAIR_MS,
    });
    expect(await database.count()).toBeGreaterThanOrEqual(accepted.length);
  }, 120_000);

  it('by kill -9 between row and answer, a retry with the key makes no second task', async () => {
    const { database, env } = await deploy(scope, { apis: 0, env: { ...QUICK_REPAIR, PLAIN_TASK_MS: 0 } });
    const keys = Array.from({ length: 60 }, () => randomUUID());
    const submitAll = (url: string) =>
      Promise.allSettled(keys.map((key) => new Api(url).submit(plainTask({ metadata: { key } }), { 'idempotency-key': key })));
    for (let round = 0; round < ROUNDS; round++) {
      const api = await TaskwellProcess.start('api', scope, env);
      const sent = submitAll(api.url);
      const killAt = performance.now() + random.next() * 60;
      await eventually('the moment has come', () => performance.now() >= killAt, { within: 1_000, every: 1 });
      await api.kill();
      await sent;
    }
    const last = await TaskwellProcess.start('api', scope, env);
    const answers = await submitAll(last.url);

    expect(answers.map((answer) => answer.status === 'fulfilled' && answer.value.status)).toEqual(keys.map(() => 202));
    const rows = await database.rows<{ metadata: string }>('SELECT metadata FROM {db}.tasks');
    expect(rows.map(({ metadata }) => (JSON.parse(metadata) as { key: string }).key).sort()).toEqual([...keys].sort());
  }, 120_000);
});
