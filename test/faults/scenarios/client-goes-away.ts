import { lasting } from '../../support/eventually.js';
import { TcpProxy } from '../../support/tcp-proxy.js';
import { FIRST_ANNOUNCEMENT_LOST_MS } from '../bounds.js';
import type { Scenario } from '../scenario.js';

const ROUNDS = 10;

export default {
  name: 'client-goes-away',
  faults: [4],
  title: 'clients close their connections after the commit and before the answer, and again and again at any moment',
  needs: { database: 'shared', broker: 'shared' },
  short: true,
  boundMs: FIRST_ANNOUNCEMENT_LOST_MS,
  async run(stage) {
    const { apis, workers } = await stage.prepare();
    const api = apis[0]!;
    const point = `stop@after_row_commit#${stage.random.between(30, 100)}`;
    await Promise.all([workers[0]!.start(), api.start({ FAIL_POINTS: point })]);
    const clients = await TcpProxy.before(api.url, stage.scope);
    stage.doors = [clients.through(api.url)];
    const loads = [stage.client.load({ keyed: true, lines: 8 }), stage.client.load({ lines: 8 })];
    const gaveUp = () => stage.history.entries.filter(({ what }) => what === 'info').length;
    await stage.fault('clients go away between commit and answer', async () => {
      await api.standsStill();
      clients.drop();
      await stage.until('they gave up', () => gaveUp() > 0);
      api.thaw();
    });
    for (let round = 0; round < ROUNDS; round++) {
      await lasting(stage.random.between(50, 400));
      await stage.fault(`clients go away, time ${round + 2}`, () => clients.drop());
    }
    const answered = stage.client.accepted.length;
    await stage.until('clients are served', () => stage.client.accepted.length > answered + 50);
    await Promise.all(loads.map((load) => load.stop()));
    await stage.settle();
    const open = new Set(stage.history.entries.flatMap((line) => (line.what === 'info' ? line.submission : [])));
    const rows = await stage.deployment.rows.all();
    stage.claim(
      'tasks of clients that went away exist and ran',
      rows.some(({ submission, status }) => open.has(submission!) && status === 'COMPLETED'),
    );
  },
} satisfies Scenario;
