import { join } from 'node:path';
import { LEASE_AND_SWEEP_MS, QUICK_REPAIR } from '../bounds.js';
import { Member } from '../member.js';
import { untilAccepted } from '../parts/outage.js';
import type { Scenario } from '../scenario.js';
import type { Stage } from '../stage.js';

/** A busy machine takes long to start two processes. */
const BOOT_MS = 60_000;

export default {
  name: 'embedded-two-processes',
  faults: [56],
  title:
    'a second process is started on the file of one that runs, that stands still, that was killed; and two at the same moment',
  needs: 'embedded',
  short: true,
  boundMs: LEASE_AND_SWEEP_MS,
  async run(stage) {
    const first = (await stage.deploy()).apis[0]!;
    const load = stage.client.load({ lines: 2 });
    await stage.until('the load flows', () => load.accepted.length > 50);
    await refused(stage, 'while the first runs');
    await stage.fault('the first stands still', async () => {
      first.freeze();
      await refused(stage, 'while the first stands still');
      first.thaw();
    });
    await untilAccepted(stage);
    await stage.fault('the first is killed, and started again together with a second', async () => {
      await first.kill();
      const second = await another(stage);
      await Promise.all([first.spawn(), second.spawn()]);
      await stage.until('one of them has ended', () => !first.running || !second.running, BOOT_MS);
      const [loser, winner] = first.running ? [second, first] : [first, second];
      loser.expectEnd();
      stage.claim('one of two refuses, with 1', (await loser.process.ended).code === 1);
      await winner.process.ready();
      if (winner === second) {
        await second.stop();
        await first.start();
      }
    });
    await untilAccepted(stage);
    await load.stop();
  },
} satisfies Scenario;

/** Another process for the same file. */
async function another({ scope, folder, sink }: Stage): Promise<Member> {
  const handlers = join(import.meta.dirname, '../handlers');
  const env = { ...QUICK_REPAIR, TEST_HANDLERS: handlers, SINK_URL: sink.url };
  return Member.create('api', 'second', scope, { ...env, DATABASE_URL: `sqlite:${join(folder, 'taskwell.db')}` });
}

async function refused(stage: Stage, when: string): Promise<void> {
  const second = await another(stage);
  await second.spawn();
  const { code } = await second.dies(BOOT_MS);
  stage.claim(`a second process ends with 1 (${when})`, code === 1);
  const said = /another process is using it/.test(second.process.output);
  stage.claim(`it says why (${when}), but said ${second.process.output.slice(0, 200)}`, said);
}
