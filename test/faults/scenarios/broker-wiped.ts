import { R_MS } from '../bounds.js';
import type { Scenario } from '../scenario.js';

/** Eight slots and tasks of 40 ms: some seven seconds of work. */
const BACKLOG = 1_500;
const WORK = { type: 'test.effect', payload: { before_ms: 40 } };
const WORK_MS = 10_000;

export default {
  name: 'broker-wiped',
  faults: [9],
  title: 'the broker loses its disk with a backlog in its queues, and starts empty',
  needs: { database: 'shared', broker: { private: 'disk' } },
  boundMs: R_MS + WORK_MS,
  async run(stage) {
    const { broker } = await stage.deploy({ env: { WORKER_CONCURRENCY: 8 } });
    await stage.client.submitMany(BACKLOG, WORK);
    const load = stage.client.load({ lines: 2, pauseMs: 50 });
    const done = stage.random.between(200, BACKLOG - 200);
    await stage.until('some of the backlog is done', () => stage.sink.calls.length >= done, 60_000);
    await stage.fault('the data of the broker are wiped', async () => {
      await stage.rabbitmq!.stop();
      await stage.rabbitmq!.wipe();
      await stage.rabbitmq!.start();
    });
    await broker.reconnect();
    const answered = load.accepted.length;
    await stage.until('new tasks are accepted', () => load.accepted.length > answered + 20);
  },
} satisfies Scenario;
