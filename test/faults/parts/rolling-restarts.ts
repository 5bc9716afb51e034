import type { Work } from '../client.js';
import type { Stage } from '../stage.js';

const GRACE_SECONDS = 20;
const WORKS: readonly Work[] = [
  { type: 'test.effect' },
  { type: 'test.effect', payload: { before_ms: 50, after_ms: 50 } },
  { type: 'test.effect', payload: { before_ms: 1_000 } },
];
/** What a client cures by trying again: the API is leaving or not there yet, or it closed the connection. */
const CURABLE = /^503$|ECONNREFUSED|ECONNRESET|EPIPE|socket hang up|other side closed/;

/** Replaces every API and worker under load, one after the other, so many times. */
export async function restartAll(stage: Stage, rounds: number): Promise<void> {
  const env = { SHUTDOWN_GRACE_SECONDS: GRACE_SECONDS };
  const { apis, workers, database } = await stage.deploy({ apis: 2, workers: 2, env });
  const load = stage.client.load({ works: WORKS, lines: 8, pauseMs: 20, keyed: true });
  await stage.until('the load flows', () => load.accepted.length > 100);
  for (let round = 1; round <= rounds; round++) {
    for (const [index, api] of apis.entries()) {
      const worker = workers[index]!;
      await stage.fault(`${api.name} and ${worker.name} are replaced (round ${round})`, async () => {
        const endings = await Promise.all([api.stop(), worker.stop()]);
        stage.claim(
          `both ended with 0 (round ${round})`,
          endings.every(({ code }) => code === 0),
        );
        await Promise.all([api.start(), worker.start()]);
      });
    }
  }
  const outcomes = await load.stop();
  await stage.settle();
  const refused = outcomes.filter(({ status }) => status !== 202);
  stage.claim(`every submission was accepted in the end (${refused.map(({ status }) => status).join()})`, refused.length === 0);
  const tries = new Map<string, number>();
  const strange = new Set<string>();
  for (const line of stage.history.entries) {
    if (line.what === 'invoke') tries.set(line.submission, (tries.get(line.submission) ?? 0) + 1);
    if (line.what === 'info' && !CURABLE.test(line.why)) strange.add(line.why);
  }
  stage.claim(`what failed at first was a 503 or a closed connection (${[...strange].join(', ')})`, strange.size === 0);
  stage.claim(
    'tries failed at first',
    [...tries.values()].some((count) => count > 1),
  );
  // There was a worker at any time, so no restart is an excuse.
  stage.recoveries(
    (await stage.deployment.rows.all()).flatMap(({ id, createdAt, completedAt }) =>
      completedAt === null ? [] : { id, ms: completedAt - createdAt },
    ),
  );
  const again = await database.count('attempt <> 1');
  stage.claim(`no task took a second attempt (${again} did)`, again === 0);
}
