import { FIRST_ANNOUNCEMENT_LOST_MS, RECONNECT_BOUND_MS } from '../bounds.js';
import type { Scenario } from '../scenario.js';

const BACKLOG = 500;

export default {
  name: 'broker-kill',
  faults: [8],
  title: 'the broker is killed with a confirmed backlog in its queues, and started again',
  needs: { database: 'shared', broker: { private: 'disk' } },
  boundMs: Math.max(RECONNECT_BOUND_MS, FIRST_ANNOUNCEMENT_LOST_MS),
  async run(stage) {
    const { apis, workers, broker } = await stage.prepare({ env: { ANNOUNCE_TIMEOUT_MS: 5_000 } });
    await apis[0]!.start();
    await stage.client.submitMany(BACKLOG);
    await stage.until('the backlog is in the queue', async () => (await broker.depth(broker.due())) === BACKLOG);
    const load = stage.client.load({ lines: 2, pauseMs: 50 });
    await stage.fault('the broker is killed and started again', async () => {
      await stage.rabbitmq!.kill();
      await stage.rabbitmq!.start();
    });
    await broker.reconnect();
    const survived = await broker.depth(broker.due());
    stage.claim(`the backlog survived: ${survived} messages of ${BACKLOG} are there`, survived >= BACKLOG);
    await workers[0]!.start();
    await load.stop();
  },
} satisfies Scenario;
