import { lasting } from '../../support/eventually.js';
import { MYSQL_URL } from '../../support/servers.mjs';
import { TcpProxy } from '../../support/tcp-proxy.js';
import { FIRST_ANNOUNCEMENT_LOST_MS, LEASE_AND_SWEEP_MS, QUICK_REPAIR } from '../bounds.js';
import type { Member } from '../member.js';
import type { Scenario } from '../scenario.js';

const LEASE_MS = QUICK_REPAIR.LEASE_SECONDS * 1_000;
/** Longer than until the fault and from there to the end of the lease: the handler must not be done by itself. */
const WORK_MS = 3 * LEASE_MS;
const WORK = { type: 'test.heed', payload: { ms: WORK_MS } };
const AT_ONCE = 6;
/** The outage goes on for so long after the leases ended. */
const AFTERWARDS_MS = LEASE_MS;

interface Aborted {
  aborted: string;
  at: number;
  reason: string;
}

export default {
  name: 'renewals-fail',
  faults: [23],
  title: 'the database answers one worker no more; its handlers are told to stop before their leases end',
  needs: { database: 'shared', broker: 'shared' },
  short: true,
  boundMs: Math.max(LEASE_AND_SWEEP_MS, FIRST_ANNOUNCEMENT_LOST_MS) + WORK_MS,
  async run(stage) {
    const proxy = await TcpProxy.before(MYSQL_URL, stage.scope);
    const { apis, workers, database } = await stage.prepare({ workers: 2 });
    const [cutOff, other] = workers as [Member, Member];
    await Promise.all([apis[0]!.start(), cutOff.start({ DATABASE_URL: proxy.through(database.url) })]);
    const ids = await stage.client.submitMany(AT_ONCE, WORK);
    await stage.until('they run', async () => (await database.count(`status = 'PROCESSING'`)) === AT_ONCE);
    await other.start();
    await lasting(stage.random.between(1_000, LEASE_MS));
    const load = stage.client.load({ lines: 1, pauseMs: 100 });

    await stage.fault('the database falls silent for one worker', () => proxy.hold());
    const leases = await database.rows<{ id: string; endsAt: string }>(
      `SELECT id, CAST(lease_until AS CHAR) AS endsAt FROM {db}.tasks WHERE id IN (?)`,
      [ids],
    );
    await stage.until('all are granted to the other worker', async () => (await database.count('attempt >= 2')) >= AT_ONCE);
    await lasting(AFTERWARDS_MS);
    await stage.fault('the database answers again', () => proxy.resume());
    await load.stop();
    await stage.settle();

    const aborted = abortedIn(cutOff.process.output);
    for (const { id, endsAt } of leases) {
      const leaseEndsAt = Date.parse(`${endsAt.replace(' ', 'T')}Z`);
      const told = aborted.find((line) => line.aborted === id);
      stage.claim(`the handler of ${id} was told to stop, because of its lease`, told?.reason === 'LeaseLost');
      if (!told) continue;
      const early = leaseEndsAt - told.at;
      stage.claim(`it was told before the lease ended, and not long before (${early} ms)`, early > 0 && early < LEASE_MS / 3);
    }
    const rows = (await stage.deployment.rows.all()).filter(({ id }) => ids.includes(id));
    stage.claim(
      'the other worker completed them as attempt 2',
      rows.every(({ attempt, crashes, failures }) => attempt >= 2 && crashes === 1 && failures === 0),
    );
  },
} satisfies Scenario;

function abortedIn(output: string): Aborted[] {
  return output
    .split('\n')
    .filter((line) => line.startsWith('{"aborted"'))
    .map((line) => JSON.parse(line) as Aborted);
}
