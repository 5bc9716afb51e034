import { createConnection } from 'mysql2/promise';
import { lasting } from '../../support/eventually.js';
import type { Scenario } from '../scenario.js';
import type { Stage } from '../stage.js';

/** Longer than the server lets a statement of Taskwell wait for a lock. */
const HELD_MS = 4_500;
/** A lock wait, and the pause before the retry of a failed attempt. */
const BOUND_MS = 5_000 + 3_000;
const AT_ONCE = 30;
const LOCKED = 3;

export default {
  name: 'database-lock-wait',
  faults: [33],
  title: 'another transaction holds the locks of some rows, while they are claimed and while their attempts are settled',
  needs: { database: 'shared', broker: 'shared' },
  boundMs: BOUND_MS,
  async run(stage) {
    const { apis, workers } = await stage.prepare({ workers: 2, env: { LEASE_SECONDS: 20 } });
    await apis[0]!.start();
    const claimed = await stage.client.submitMany(AT_ONCE);
    await whileLocked(stage, 'claimed', claimed.slice(0, LOCKED), () => Promise.all(workers.map((worker) => worker.start())));
    await stage.settle();

    // A failed attempt is settled by a transaction of several statements.
    stage.sink.manner = ({ attempt }) => (attempt === 1 ? { fails: 500 } : 'answers');
    const failing = await stage.client.submitMany(AT_ONCE, { type: 'test.effect', payload: { before_ms: 1_500 } });
    await stage.until('all of them run', async () => (await statuses(stage, failing)).every((status) => status === 'PROCESSING'));
    await whileLocked(stage, 'settled', failing.slice(0, LOCKED));
    await stage.settle();
    const rows = await stage.deployment.rows.all();
    stage.claim(
      'no attempt was lost, and each failure was counted once',
      rows.every(({ id, attempt, failures, crashes }) => {
        const failed = failing.includes(id) ? 1 : 0;
        return attempt === 1 + failed && failures === failed && crashes === 0;
      }),
    );
    await stage.until('no transaction was left open', async () => (await openTransactions(stage)) === 0, 5_000);
  },
} satisfies Scenario;

/** Holds the rows' locks beyond the lock wait, while `meanwhile` or what runs anyway comes upon them. */
async function whileLocked(stage: Stage, verb: string, ids: readonly string[], meanwhile?: () => Promise<unknown>) {
  const other = await createConnection(stage.deployment.database.url);
  stage.scope.onEnd(() => other.destroy());
  await stage.fault(`rows are locked when they are to be ${verb}`, async () => {
    await other.query('START TRANSACTION');
    await other.query('SELECT id FROM tasks WHERE id IN (?) FOR UPDATE', [ids]);
    await meanwhile?.();
    await lasting(HELD_MS);
    const expected = verb === 'claimed' ? 'PENDING' : 'PROCESSING';
    stage.claim(
      `nothing got past the locks (${verb})`,
      (await statuses(stage, ids)).every((status) => status === expected),
    );
    await other.query('ROLLBACK');
  });
}

async function statuses(stage: Stage, ids: readonly string[]): Promise<string[]> {
  return (await stage.deployment.rows.all()).filter(({ id }) => ids.includes(id)).map(({ status }) => status);
}

/** How many transactions are open on the deployment's database. */
async function openTransactions({ deployment: { database } }: Stage): Promise<number> {
  const [row] = await database.rows<{ n: number }>(
    `SELECT COUNT(*) AS n FROM information_schema.innodb_trx JOIN information_schema.processlist ON id = trx_mysql_thread_id
     WHERE db = ? AND id <> CONNECTION_ID()`,
    [database.name],
  );
  return Number(row!.n);
}
