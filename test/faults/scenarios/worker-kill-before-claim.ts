import type { Member } from '../member.js';
import type { Scenario } from '../scenario.js';

/** The broker sees the connection end at once; a sweep, by which the task would be found too, comes much later. */
const REDELIVERED_MS = 5_000;

export default {
  name: 'worker-kill-before-claim',
  faults: [16],
  title: 'a worker is killed after it received tasks, before it claims them; only the broker can tell others in time',
  needs: { database: 'shared', broker: 'shared' },
  boundMs: REDELIVERED_MS,
  async run(stage) {
    const { apis, workers } = await stage.prepare({ workers: 2, env: { SWEEP_SECONDS: 30 } });
    const [doomed, other] = workers as [Member, Member];
    await Promise.all([apis[0]!.start(), other.start(), doomed.start({ FAIL_POINTS: 'before_claim#1' })]);
    const load = stage.client.load({ pauseMs: 5 });
    await stage.fault('a worker dies before its first claim', () => doomed.dies());
    await load.stop();
  },
} satisfies Scenario;
