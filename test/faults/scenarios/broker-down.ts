import { TcpProxy } from '../../support/tcp-proxy.js';
import { lasting } from '../../support/eventually.js';
import { AMQP_URL } from '../../support/servers.mjs';
import { FIRST_ANNOUNCEMENT_LOST_MS, RECONNECT_BOUND_MS } from '../bounds.js';
import type { Scenario } from '../scenario.js';

const OUTAGE_MS = 8_000;
/** A second over what a submission takes on a busy machine. */
const ANSWER_MS = 1_500;

export default {
  name: 'broker-down',
  faults: [5],
  title: 'the broker refuses every connection for some seconds, while clients submit',
  needs: { database: 'shared', broker: 'shared' },
  short: true,
  boundMs: Math.max(RECONNECT_BOUND_MS, FIRST_ANNOUNCEMENT_LOST_MS),
  async run(stage) {
    const proxy = await TcpProxy.before(AMQP_URL, stage.scope);
    await stage.deploy({ ways: { broker: (url) => proxy.through(url) } });
    const load = stage.client.load();
    await stage.until('the load flows', () => load.accepted.length > 100);
    const before = load.outcomes.length;
    await stage.fault('the broker refuses connections', async () => {
      proxy.cut();
      await lasting(OUTAGE_MS);
      proxy.resume();
    });
    const during = load.outcomes.slice(before);
    stage.claim('submissions went on', during.length > 100);
    stage.claim(
      'every one was accepted',
      during.every(({ status }) => status === 202),
    );
    stage.claim(
      `every answer came within ${ANSWER_MS} ms`,
      during.every(({ ms }) => ms < ANSWER_MS),
    );
  },
} satisfies Scenario;
