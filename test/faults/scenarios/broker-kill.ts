import { lasting } from '../../support/eventually.js';
import { FIRST_ANNOUNCEMENT_LOST_MS, RECONNECT_BOUND_MS } from '../bounds.js';
import type { Scenario } from '../scenario.js';

const BACKLOG = 500;
/** RabbitMQ 3.10 needs so long until a new quorum queue survives a kill: a younger one may come back without a leader, for good. */
const QUEUES_ARE_SAFE_MS = 6_000;

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
    await stage.until('the backlog is in the queue', async () => (await broker.depth(broker.due())) > 0);
    await lasting(QUEUES_ARE_SAFE_MS);
    const depth = await broker.depth(broker.due());
    const load = stage.client.load({ lines: 2, pauseMs: 50 });
    await stage.fault('the broker is killed and started again', async () => {
      await stage.rabbitmq!.kill();
      await stage.rabbitmq!.start();
    });
    await broker.reconnect();
    await stage.until('the messages are there again', async () => (await broker.depth(broker.due())) >= depth);
    await workers[0]!.start();
    await load.stop();
  },
} satisfies Scenario;
