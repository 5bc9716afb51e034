import { setTimeout as pause } from 'node:timers/promises';
import { LEASE_AND_SWEEP_MS } from '../bounds.js';
import type { Member } from '../member.js';
import { CALLBACK_ENV, claimCallbacks, receiverOf, telling, toldAgain } from '../parts/callbacks.js';
import type { Scenario } from '../scenario.js';

export default {
  name: 'callback-kill-after-answer',
  faults: [45],
  title: 'a worker is killed between a receiver’s 2xx and the note of it',
  needs: { database: 'shared', broker: 'shared' },
  boundMs: LEASE_AND_SWEEP_MS,
  async run(stage) {
    const receiver = await receiverOf(stage);
    const { apis, workers } = await stage.prepare({ workers: 2, env: CALLBACK_ENV });
    const [doomed, other] = workers as [Member, Member];
    const failPoint = `after_callback_2xx_before_mark#${stage.random.between(5, 40)}`;
    await Promise.all([apis[0]!.start(), other.start(), doomed.start({ FAIL_POINTS: failPoint })]);
    const load = stage.client.load({ works: [telling(receiver)] });
    await stage.fault('a worker dies', () => doomed.dies());
    await pause(500);
    await load.stop();
    await claimCallbacks(stage, receiver);

    const again = toldAgain(receiver);
    stage.claim('what was answered and not noted was told again', again.length > 0);
    // A second has one timestamp; the tries are further apart.
    stage.claim(
      'with a new signature',
      again.every((signatures) => new Set(signatures).size === signatures.length),
    );
  },
} satisfies Scenario;
