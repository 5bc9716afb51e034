import { lasting } from '../../support/eventually.js';
import type { Scenario } from '../scenario.js';
import type { Stage } from '../stage.js';

/** Long enough for a database to come back within it. */
const LEASE_SECONDS = 15;
const HANDLER_MS = 1_500;
const WORK = { type: 'test.effect', payload: { after_ms: HANDLER_MS } };
const AT_ONCE = 20;

export default {
  name: 'database-kill-mid-task',
  faults: [30],
  title: 'the database is killed while handlers run, and comes back while their leases live, and after they ended',
  needs: { database: { private: 'disk' }, broker: 'shared' },
  boundMs: LEASE_SECONDS * 1_000 + 8_000,
  async run(stage) {
    await stage.deploy({ workers: 2, env: { LEASE_SECONDS } });
    const kept = await killMidTask(stage, 'back within the lease', HANDLER_MS);
    stage.claim(
      'the results were kept and written when the database was back',
      kept.every(({ attempt, crashes }) => attempt === 1 && crashes === 0),
    );
    const droppedBefore = dropped(stage);
    const late = await killMidTask(stage, 'back after the lease', LEASE_SECONDS * 1_000 + stage.random.between(0, 2_000));
    stage.claim(
      'the tasks were granted again',
      late.every(({ attempt, crashes }) => attempt >= 2 && crashes === 1),
    );
    stage.claim('the late results were dropped', dropped(stage) - droppedBefore === AT_ONCE);
  },
} satisfies Scenario;

/** Kills the database when all handlers have had their effect, and answers the rows in the end. */
async function killMidTask(stage: Stage, when: string, awayMs: number) {
  const ids = await stage.client.submitMany(AT_ONCE, WORK);
  await stage.until('all of them have had their effect', () => ids.every((id) => stage.sink.callsOf(id).length === 1));
  await stage.fault(`the database is killed, and ${when}`, async () => {
    await stage.mariadb!.kill();
    await lasting(awayMs);
    await stage.mariadb!.start();
  });
  await stage.deployment.database.reconnect();
  await stage.settle();
  return (await stage.deployment.rows.all()).filter(({ id }) => ids.includes(id));
}

function dropped(stage: Stage): number {
  const outputs = stage.deployment.workers.map(({ process }) => process.output);
  return outputs.reduce((sum, output) => sum + (output.match(/its outcome is dropped/g)?.length ?? 0), 0);
}
