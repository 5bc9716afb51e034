import { setTimeout as pause } from 'node:timers/promises';
import { FIRST_ANNOUNCEMENT_LOST_MS } from '../bounds.js';
import type { Member } from '../member.js';
import { CALLBACK_ENV, claimCallbacks, receiverOf, telling } from '../parts/callbacks.js';
import type { Scenario } from '../scenario.js';

export default {
  name: 'callback-kill-before-delivery',
  faults: [45],
  title: 'a worker is killed after a settlement, before its callback is announced, and then the API too',
  needs: { database: 'shared', broker: 'shared' },
  boundMs: FIRST_ANNOUNCEMENT_LOST_MS,
  async run(stage) {
    const receiver = await receiverOf(stage);
    const { apis, workers } = await stage.prepare({ workers: 2, env: CALLBACK_ENV });
    const [doomed, other] = workers as [Member, Member];
    const failPoint = `after_settle_before_callback#${stage.random.between(5, 40)}`;
    await Promise.all([apis[0]!.start(), other.start(), doomed.start({ FAIL_POINTS: failPoint })]);
    const load = stage.client.load({ works: [telling(receiver)], keyed: true });
    await stage.fault('a worker dies', () => doomed.dies());
    await stage.fault('the API dies and comes back', async () => {
      await apis[0]!.kill();
      await apis[0]!.start();
    });
    await pause(500);
    await load.stop();
    await claimCallbacks(stage, receiver);
  },
} satisfies Scenario;
