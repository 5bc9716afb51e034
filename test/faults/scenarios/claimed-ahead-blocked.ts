import { claimAhead, CONCURRENCY, LONG_MS } from '../parts/claimed-ahead.js';
import { LEASE_AND_SWEEP_MS } from '../bounds.js';
import type { Scenario } from '../scenario.js';

export default {
  name: 'claimed-ahead-blocked',
  faults: [41],
  title: 'tasks that were claimed ahead find every place taken by long ones, and go to another worker',
  needs: { database: 'shared', broker: 'shared' },
  handBacks: true,
  boundMs: LEASE_AND_SWEEP_MS + 8 * LONG_MS,
  async run(stage) {
    const { other, long, claimed } = await stage.fault('long tasks follow on quick ones', () => claimAhead(stage));
    await other.start();
    const inTime = async () => (await stage.deployment.heldBy(other)).length === CONCURRENCY;
    await stage.until('the other worker has as many as it can run', inTime, LONG_MS);
    await stage.settle();
    const rows = (await stage.deployment.rows.all()).filter(({ id }) => long.includes(id));
    const most = Math.max(...rows.map(({ attempt }) => attempt));
    stage.claim(`tasks were claimed ahead (${claimed.length})`, claimed.length > CONCURRENCY);
    stage.claim(`none went to and fro (${most} attempts at most)`, most <= 4);
    stage.claim(
      'handing back cost them nothing',
      rows.every(({ failures, crashes }) => failures === 0 && crashes === 0),
    );
    stage.claim(
      'each ran once',
      long.every((id) => stage.sink.callsOf(id).length === 1),
    );
  },
} satisfies Scenario;
