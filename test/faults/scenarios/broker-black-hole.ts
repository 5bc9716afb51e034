import { TcpProxy } from '../../support/tcp-proxy.js';
import { lasting } from '../../support/eventually.js';
import { AMQP_URL } from '../../support/servers.mjs';
import { FIRST_ANNOUNCEMENT_LOST_MS, RECONNECT_BOUND_MS } from '../bounds.js';
import { submitThrough } from '../parts/broker-outage.js';
import type { Scenario } from '../scenario.js';

export default {
  name: 'broker-black-hole',
  faults: [6],
  title: 'every byte to and from the broker is held back without a word, while clients submit, and then let go; twice',
  needs: { database: 'shared', broker: 'shared' },
  boundMs: Math.max(RECONNECT_BOUND_MS, FIRST_ANNOUNCEMENT_LOST_MS),
  async run(stage) {
    const proxy = await TcpProxy.before(AMQP_URL, stage.scope);
    await stage.deploy({ ways: { broker: (url) => proxy.through(url) } });
    // Shorter and longer than the broker and its clients need to miss each other's heartbeats.
    for (const outageMs of [stage.random.between(1_500, 3_500), stage.random.between(8_000, 12_000)]) {
      const load = await submitThrough(stage, `the broker is silent for ${outageMs} ms`, async () => {
        proxy.hold();
        await lasting(outageMs);
        proxy.resume();
      });
      await load.stop();
      await stage.settle();
    }
  },
} satisfies Scenario;
