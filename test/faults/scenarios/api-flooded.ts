import { TcpProxy } from '../../support/tcp-proxy.js';
import { AMQP_URL } from '../../support/servers.mjs';
import { R_MS } from '../bounds.js';
import type { Scenario } from '../scenario.js';

const PLAIN = { type: 'plain' };
const CLIENTS = { works: [PLAIN], lines: 64, pauseMs: 0 };
const COUNT = 100_000;
const SHORT_COUNT = 20_000;
/** 100,000 of them at 1,000 a second, which every machine does. */
const WORK_MS = 100_000;
const MAX_RSS_BYTES = 250 * 1024 * 1024;

export default {
  name: 'api-flooded',
  faults: [42],
  title: '100,000 tasks (--count) are submitted by 64 clients while the broker is down; the API keeps nothing of them',
  needs: { database: 'shared', broker: 'shared' },
  boundMs: R_MS + WORK_MS,
  async run(stage) {
    const proxy = await TcpProxy.before(AMQP_URL, stage.scope);
    const { apis } = await stage.deploy({ env: { PLAIN_TASK_MS: 0 }, ways: { broker: (url) => proxy.through(url) } });
    const count = stage.amount(COUNT, SHORT_COUNT);
    // So that growth is measured from a process that is at work.
    await stage.client.load({ ...CLIENTS, count: 10_000 }).done;
    const flood = await stage.fault(`${count} submissions while the broker is down`, async () => {
      proxy.cut();
      const load = stage.client.load({ ...CLIENTS, count });
      await load.done;
      proxy.resume();
      return load;
    });
    stage.claim(`all ${count} were accepted, not ${flood.accepted.length}`, flood.accepted.length === count);
    await stage.settle();
    const most = Math.max(...apis[0]!.records.flatMap(({ rss }) => rss.map(({ bytes }) => bytes)));
    stage.claim(`the API stayed under 250 MB, not ${Math.round(most / 1024 / 1024)} MB`, most < MAX_RSS_BYTES);
  },
} satisfies Scenario;
