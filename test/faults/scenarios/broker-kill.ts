import { lasting } from '../../support/eventually.js';
import { FIRST_ANNOUNCEMENT_LOST_MS, RECONNECT_BOUND_MS } from '../bounds.js';
import { messagesAtRest } from '../parts/backlog.js';
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
    const accepted = await stage.client.submitMany(BACKLOG);
    const messages = await messagesAtRest(stage);
    stage.claim(`the ${accepted.length} announcements share messages`, messages < accepted.length);
    await lasting(QUEUES_ARE_SAFE_MS);
    await stage.fault('the broker is killed and started again', async () => {
      await stage.rabbitmq!.kill();
      await stage.rabbitmq!.start();
    });
    await broker.reconnect();
    // Nobody announces but the API, and nothing is submitted: what waits now has waited before.
    await stage.until('the backlog is there again', async () => (await broker.depth(broker.due())) === messages);
    const load = stage.client.load({ lines: 2, pauseMs: 50 });
    await workers[0]!.start();
    await stage.until('new tasks come through', () => load.accepted.length > 50);
    await load.stop();
  },
} satisfies Scenario;
