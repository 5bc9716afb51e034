import { TcpProxy } from '../../support/tcp-proxy.js';
import { lasting } from '../../support/eventually.js';
import { AMQP_URL } from '../../support/servers.mjs';
import { FIRST_ANNOUNCEMENT_LOST_MS, RECONNECT_BOUND_MS } from '../bounds.js';
import { submitThrough } from '../parts/broker-outage.js';
import type { Scenario } from '../scenario.js';

const OUTAGE_MS = 8_000;

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
    await submitThrough(stage, 'the broker refuses connections', async () => {
      proxy.cut();
      await lasting(OUTAGE_MS);
      proxy.resume();
    });
  },
} satisfies Scenario;
