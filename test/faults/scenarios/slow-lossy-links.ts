import { lasting } from '../../support/eventually.js';
import { AMQP_URL, MYSQL_URL } from '../../support/servers.mjs';
import { TcpProxy } from '../../support/tcp-proxy.js';
import { R_MS } from '../bounds.js';
import type { Scenario } from '../scenario.js';

/** Each way, so that every answer comes 300 ms later. */
const DELAY_MS = 150;
/** TCP sends a lost packet again after 200 ms at the least, and later when it is lost again. */
const LOSS = 0.05;
const RETRANSMITTED_MS = [200, 600] as const;
const LASTS_MS = 30_000;

export default {
  name: 'slow-lossy-links',
  faults: [55],
  title: 'every link adds 300 ms to each answer, and each packet gets lost with 5 % and arrives 200 to 600 ms later',
  needs: { database: 'shared', broker: 'shared' },
  boundMs: 3 * R_MS,
  async run(stage) {
    const { scope, random, sink } = stage;
    const [database, broker] = [await TcpProxy.before(MYSQL_URL, scope), await TcpProxy.before(AMQP_URL, scope)];
    const effects = await TcpProxy.before(sink.url, scope);
    const { apis } = await stage.deploy({
      workers: 2,
      env: { SINK_URL: effects.through(sink.url) },
      ways: { database: (url) => database.through(url), broker: (url) => broker.through(url) },
    });
    const clients = await TcpProxy.before(apis[0]!.url, scope);
    stage.doors = [clients.through(apis[0]!.url)];
    const stallMs = () => (random.next() < LOSS ? random.between(...RETRANSMITTED_MS) : 0);
    const loads = [stage.client.load({ lines: 8 }), stage.client.load({ lines: 8, keyed: true })];
    await stage.until('the load flows', () => stage.client.accepted.length > 100);
    const before = stage.client.accepted.length;
    // The fault lasts to the end, but clocks run: what is slow must come to its end while it lasts.
    await stage.fault('all links become slow and lose packets', () => {
      for (const link of [database, broker, effects, clients]) link.slow({ delayMs: DELAY_MS, stallMs });
    });
    await lasting(LASTS_MS);
    stage.claim('submissions went on', stage.client.accepted.length > before + 100);
    await Promise.all(loads.map((load) => load.stop()));
    await stage.settle();
  },
} satisfies Scenario;
