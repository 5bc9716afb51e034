import type { Work } from '../client.js';
import type { Member } from '../member.js';
import type { Stage } from '../stage.js';

export const CONCURRENCY = 16;
export const LONG_MS = 3_000;
const QUICK: Work = { type: 'test.wait' };
const LONG: Work = { type: 'test.effect', payload: { before_ms: LONG_MS } };
const QUICK_ONES = 2_500;
const LONG_ONES = 100;

export interface Ahead {
  /** Has more long tasks in its hands than it can run. */
  eager: Member;
  other: Member;
  /** Ids of all long tasks. */
  long: string[];
  /** Ids of those that the eager worker has claimed. */
  claimed: string[];
}

/**
 * Lets a worker find many quick tasks and long ones behind them: by the pace of the quick ones it has claimed more of the long ones
 * than it has places for. The other worker comes after that.
 */
export async function claimAhead(stage: Stage, env: Record<string, string | number> = {}): Promise<Ahead> {
  const workerEnv = { WORKER_CONCURRENCY: CONCURRENCY, ...env };
  const { apis, workers, database } = await stage.prepare({ workers: 2, workerEnv });
  const [eager, other] = workers as [Member, Member];
  await apis[0]!.start();
  await stage.client.load({ works: [QUICK], lines: 50, pauseMs: 0, count: QUICK_ONES }).done;
  const long = await stage.client.submitMany(LONG_ONES, LONG);
  await eager.start();
  let claimed: string[] = [];
  await stage.until('it has claimed long tasks ahead of their turn', async () => {
    const rows = await database.rows<{ id: string }>(
      `SELECT id FROM {db}.tasks WHERE status = 'PROCESSING' AND type = 'test.effect'`,
    );
    claimed = rows.map(({ id }) => id);
    return claimed.length > CONCURRENCY;
  });
  return { eager, other, long, claimed };
}
