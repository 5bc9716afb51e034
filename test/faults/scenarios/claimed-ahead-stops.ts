import { claimAhead, CONCURRENCY, LONG_MS } from '../parts/claimed-ahead.js';
import { LEASE_AND_SWEEP_MS } from '../bounds.js';
import type { Scenario } from '../scenario.js';

const GRACE_SECONDS = 10;

export default {
  name: 'claimed-ahead-stops',
  faults: [47],
  title: 'a worker is told to stop while tasks that it claimed ahead wait for their turn',
  needs: { database: 'shared', broker: 'shared' },
  handBacks: true,
  boundMs: LEASE_AND_SWEEP_MS + 10 * LONG_MS,
  async run(stage) {
    const { eager, other, long, claimed } = await claimAhead(stage, { SHUTDOWN_GRACE_SECONDS: GRACE_SECONDS });
    const starting = other.start();
    await stage.fault('the worker is told to stop', async () => {
      const askedAt = performance.now();
      stage.claim('it ended with 0', (await eager.stop()).code === 0);
      const tookMs = Math.round(performance.now() - askedAt);
      stage.claim(`it finished what ran and began no more (${tookMs} ms)`, tookMs < LONG_MS + 2_000);
    });
    const left = await stage.deployment.heldBy(eager);
    stage.claim('it left nothing in its hands', left.length === 0);
    await starting;
    await stage.settle();
    stage.claim(`tasks were claimed ahead (${claimed.length})`, claimed.length > CONCURRENCY);
    const rows = (await stage.deployment.rows.all()).filter(({ id }) => long.includes(id));
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
