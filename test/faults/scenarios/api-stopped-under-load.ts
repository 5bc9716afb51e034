import { lasting } from '../../support/eventually.js';
import { AMQP_URL, MYSQL_URL } from '../../support/servers.mjs';
import { TcpProxy } from '../../support/tcp-proxy.js';
import { QUICK_REPAIR } from '../bounds.js';
import type { Stage } from '../stage.js';
import type { Scenario } from '../scenario.js';

/** Added to the API's ways, so that at any moment requests are open and announcements on their way. */
const DELAY_MS = 60;
/** Requests sent so long before the signal have arrived. */
const ARRIVED_MS = 50;
/** Nothing is left to the sweeper, which looks at a row 10 s after it was committed. */
const BOUND_MS = 5_000;

export default {
  name: 'api-stopped-under-load',
  faults: [48],
  title: 'SIGTERM comes to an API under load: it answers what it has, takes no more, announces all it accepted, and ends with 0',
  needs: { database: 'shared', broker: 'shared' },
  short: true,
  boundMs: BOUND_MS,
  async run(stage) {
    const [database, broker] = [await TcpProxy.before(MYSQL_URL, stage.scope), await TcpProxy.before(AMQP_URL, stage.scope)];
    const { apis } = await stage.deploy({
      env: { SHUTDOWN_GRACE_SECONDS: QUICK_REPAIR.LEASE_SECONDS },
      ways: {
        database: (url, app) => (app === 'api' ? database.through(url) : url),
        broker: (url, app) => (app === 'api' ? broker.through(url) : url),
      },
    });
    for (const way of [database, broker]) way.slow({ delayMs: DELAY_MS, stallMs: () => 0 });
    const api = apis[0]!;
    const load = stage.client.load({ lines: 48 });
    await stage.until('the load flows', () => load.accepted.length > 500);
    await lasting(stage.random.between(0, 300));
    const signalledAt = await stage.fault('SIGTERM to the API', async () => {
      const at = Date.now();
      const ending = await api.stop();
      const ms = Date.now() - at;
      stage.claim(
        `it ended with 0 within its grace time, not ${JSON.stringify(ending)} after ${ms} ms`,
        ms < 6_000 && ending.code === 0,
      );
      return at;
    });
    await lasting(500);
    await load.stop();
    claimAnswers(stage, signalledAt);
    await stage.settle();
  },
} satisfies Scenario;

/** Whoever had asked before is answered 202; whoever asked later is answered 202, 503, or finds nobody. */
function claimAnswers(stage: Stage, signalledAt: number): void {
  const askedAt = new Map<string, number>();
  let before = 0;
  let after = 0;
  for (const line of stage.history.entries) {
    if (line.what === 'invoke') askedAt.set(line.submission, line.at);
    if (line.what === 'fault' || line.what === 'healed' || line.what === 'invoke' || line.at < signalledAt) continue;
    const early = askedAt.get(line.submission)! < signalledAt - ARRIVED_MS;
    if (early) before++;
    else if (line.what !== 'ok') after++;
    stage.claim(
      `${line.submission}, open at the signal, was answered 202, not ${JSON.stringify(line)}`,
      !early || line.what === 'ok',
    );
    const refused = line.what === 'info' && (line.why === '503' || /ECONNREFUSED|ECONNRESET|socket hang up/.test(line.why));
    stage.claim(
      `${line.submission}, asked after the signal, was refused, not ${JSON.stringify(line)}`,
      early || line.what === 'ok' || refused,
    );
  }
  stage.claim(`requests were open at the signal (${before})`, before > 0);
  stage.claim(`requests came after the signal (${after})`, after > 0);
}
