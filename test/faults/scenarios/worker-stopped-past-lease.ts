import { eventually } from '../../support/eventually.js';
import { LEASE_AND_SWEEP_MS } from '../bounds.js';
import type { Member } from '../member.js';
import type { Scenario } from '../scenario.js';
import type { Stage } from '../stage.js';

/** Long enough that the second attempt still runs when the first one wakes. */
const WORK_MS = 3_000;
const WORK = { type: 'test.effect', payload: { after_ms: WORK_MS } };
/** Few enough that each worker has slots left for the tasks of the other. */
const TRICKLE = { works: [WORK], lines: 2, pauseMs: 250 };

export default {
  name: 'worker-stopped-past-lease',
  faults: [20],
  title: 'a worker stands still past its lease, mid handler and right before it settles, and wakes while the next attempt runs',
  needs: { database: 'shared', broker: 'shared' },
  boundMs: LEASE_AND_SWEEP_MS + WORK_MS,
  async run(stage) {
    const { apis, workers } = await stage.prepare({ workers: 2 });
    const [sleeper, other] = workers as [Member, Member];
    await Promise.all([apis[0]!.start(), other.start(), sleeper.start({ FAIL_POINTS: 'stop@before_settle#1' })]);
    const first = stage.client.load(TRICKLE);
    await stage.fault('a worker stands still before it settles', () => sleeper.standsStill());
    await first.stop();
    await wakeDuringNextAttempt(stage, sleeper, 'before it settles');

    await sleeper.process.ready();
    const second = stage.client.load(TRICKLE);
    await stage.until('the worker runs tasks', async () => (await begunBy(stage, sleeper)).length > 0);
    await stage.fault('a worker is stopped in the middle of its handlers', () => sleeper.freeze());
    await second.stop();
    await wakeDuringNextAttempt(stage, sleeper, 'mid handler');
  },
} satisfies Scenario;

async function wakeDuringNextAttempt(stage: Stage, sleeper: Member, when: string): Promise<void> {
  const held = await stage.deployment.heldBy(sleeper);
  const begun = await begunBy(stage, sleeper);
  stage.claim(`the stopped worker had tasks in its hands (${when})`, begun.length > 0);
  const attempts = async () => (await stage.deployment.rows.all()).filter(({ id }) => held.includes(id));
  await eventually(
    'all of them are granted to the other worker',
    async () => (await attempts()).every(({ attempt }) => attempt >= 2),
    {
      within: LEASE_AND_SWEEP_MS,
      every: 10,
    },
  );
  await stage.fault(`the worker wakes (${when})`, () => sleeper.thaw());
  const dropped = () => sleeper.process.output.match(/its outcome is dropped/g)?.length ?? 0;
  const before = dropped();
  await stage.settle();
  stage.claim(`the old outcomes were dropped (${when})`, dropped() - before >= begun.length);
  stage.claim(
    `the next attempts completed the tasks (${when})`,
    (await attempts()).every(({ attempt, crashes }) => attempt >= 2 && crashes === 1),
  );
}

/** Tasks in its hands whose handler is under way; others it may have claimed without knowing yet. */
async function begunBy(stage: Stage, worker: Member): Promise<string[]> {
  return (await stage.deployment.heldBy(worker)).filter((id) => stage.sink.callsOf(id).length > 0);
}
