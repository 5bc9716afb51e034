import { eventually } from '../../support/eventually.js';
import type { TestBroker } from '../../support/broker.js';
import { LEASE_AND_SWEEP_MS } from '../bounds.js';
import type { Scenario } from '../scenario.js';

const TIMEOUT_MS = 5_000;
const WORK_MS = 3 * TIMEOUT_MS;
/** Fewer than the worker runs side by side. */
const AT_ONCE = 24;
const LONG = { type: 'test.effect', payload: { before_ms: WORK_MS } };
/** Shorter than the time after which a message is acknowledged early. */
const SHORT = { type: 'test.effect', payload: { after_ms: 200 } };

export default {
  name: 'consumer-timeout',
  faults: [24],
  title: 'the broker closes channels on which a message stays unacknowledged for 5 s, and tasks take 15 s',
  needs: { database: 'shared', broker: { private: 'memory' } },
  boundMs: LEASE_AND_SWEEP_MS + WORK_MS,
  async run(stage) {
    const deployment = await stage.prepare();
    // RabbitMQ looks for late acknowledgements at every tick of a channel, which is once a minute otherwise.
    await stage.rabbitmq!.ctl('eval', `application:set_env(rabbit, consumer_timeout, ${TIMEOUT_MS}).`);
    await stage.rabbitmq!.ctl('eval', 'application:set_env(rabbit, channel_tick_interval, 1000).');
    await Promise.all(deployment.members.map((member) => member.start()));
    const control = closesChannelOfSilentConsumer(deployment.broker);
    const load = stage.client.load({ works: [SHORT], lines: 2 });
    const ids = await stage.fault('the broker has no patience with long tasks', () => stage.client.submitMany(AT_ONCE, LONG));
    stage.claim('the broker does close the channel of a consumer that acknowledges nothing', await control);
    await stage.until(
      'the long tasks are done',
      async () =>
        (await stage.deployment.rows.all()).filter(({ id }) => ids.includes(id)).every(({ status }) => status === 'COMPLETED'),
      3 * WORK_MS,
    );
    await load.stop();
    await stage.settle();
    stage.claim('every task took one attempt', (await deployment.database.count('attempt <> 1')) === 0);
    const { output } = deployment.workers[0]!.process;
    stage.claim('the worker kept its channel', !/PRECONDITION|timed? ?out|broker refuses|no connection/i.test(output));
    await deployment.workers[0]!.stop();
    stage.claim('every message was acknowledged', (await deployment.broker.depth(deployment.broker.due())) === 0);
  },
} satisfies Scenario;

/** True if the broker closes the channel of a consumer that never acknowledges. */
async function closesChannelOfSilentConsumer(broker: TestBroker): Promise<boolean> {
  return broker.onChannel(async (channel) => {
    let closed = false;
    channel.on('close', () => (closed = true));
    const { queue } = await channel.assertQueue('', { exclusive: true });
    await channel.consume(queue, () => {});
    channel.sendToQueue(queue, Buffer.from('never acknowledged'));
    await eventually('the broker closes the channel', () => closed, { within: 3 * TIMEOUT_MS }).catch(() => {});
    return closed;
  });
}
