import { claimAhead, CONCURRENCY, LONG_MS } from '../parts/claimed-ahead.js';
import { LEASE_AND_SWEEP_MS } from '../bounds.js';
import type { Scenario } from '../scenario.js';

export default {
  name: 'claimed-ahead-dies',
  faults: [16],
  title: 'a worker is killed while tasks that it claimed ahead wait for their turn',
  needs: { database: 'shared', broker: 'shared' },
  handBacks: true,
  boundMs: LEASE_AND_SWEEP_MS + 12 * LONG_MS,
  async run(stage) {
    const { eager, other, long, claimed } = await claimAhead(stage);
    await stage.fault('the worker is killed', () => eager.kill());
    const held = await stage.deployment.heldBy(eager);
    await Promise.all([eager.start(), other.start()]);
    const again = async () =>
      (await stage.deployment.database.count(`id IN (?) AND attempt = 1 AND status = 'PROCESSING'`, [held])) === 0;
    await stage.until('all that it held is free again', again, LEASE_AND_SWEEP_MS);
    await stage.settle();
    stage.claim(`tasks were claimed ahead (${claimed.length}, ${held.length} at its death)`, held.length > CONCURRENCY);
    const rows = (await stage.deployment.rows.all()).filter(({ id }) => long.includes(id));
    stage.claim(
      'each lost one worker at most',
      rows.every(({ crashes, failures }) => crashes <= 1 && failures === 0),
    );
    stage.claim(
      'each ran once, because it was killed before any of them called',
      long.every((id) => stage.sink.callsOf(id).length === 1),
    );
  },
} satisfies Scenario;
