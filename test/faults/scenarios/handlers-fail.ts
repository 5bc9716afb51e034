import type { Scenario } from '../scenario.js';
import type { Row } from '../evidence.js';

const TIMEOUT_MS = 2_000;
/** The waits before the second and the third attempt, at their longest. */
const BACKOFF_MS = 1_000 + 2_000;
const SLACK_MS = 3_000;
const CONCURRENCY = 4;

export default {
  name: 'handlers-fail',
  faults: [27],
  title: 'handlers throw, reject, and never settle, more of them than the worker has places',
  needs: { database: 'shared', broker: 'shared' },
  short: true,
  boundMs: 3 * 2 * TIMEOUT_MS + BACKOFF_MS + SLACK_MS,
  async run(stage) {
    const { workers } = await stage.deploy({ workerEnv: { WORKER_CONCURRENCY: CONCURRENCY } });
    const load = stage.client.load({ lines: 2, pauseMs: 50 });
    const { client } = stage;
    const ids = await stage.fault('handlers fail in every way', async () => ({
      throwsTwice: await client.submitMany(5, { type: 'test.throw', payload: { times: 2 } }),
      rejectsOnce: await client.submitMany(5, { type: 'test.reject', payload: { times: 1 } }),
      throwsAlways: await client.submitMany(5, { type: 'test.throw', expect: 'FAILED' }),
      rejectsAlways: await client.submitMany(5, { type: 'test.reject', expect: 'FAILED', more: { max_attempts: 2 } }),
      never: await client.submitMany(2 * CONCURRENCY, { type: 'test.never', expect: 'FAILED' }),
    }));
    await stage.untilFinal(ids.throwsTwice[0]!, 3 * 2 * TIMEOUT_MS);
    stage.claim('others go on meanwhile', (await load.stop()).length > 20);
    await stage.settle();
    const rows = await stage.deployment.rows.all();
    const all = (of: readonly string[], holds: (row: Row) => boolean) => rows.filter(({ id }) => of.includes(id)).every(holds);
    const counted = (attempts: number, failures: number) => (row: Row) =>
      row.attempt === attempts && row.failures === failures && row.crashes === 0;
    stage.claim('what throws twice is done by attempt 3', all(ids.throwsTwice, counted(3, 2)));
    stage.claim('what rejects once is done by attempt 2', all(ids.rejectsOnce, counted(2, 1)));
    stage.claim('what always throws fails after 3 attempts', all(ids.throwsAlways, counted(3, 3)));
    stage.claim('what always rejects fails after as many attempts as were asked for', all(ids.rejectsAlways, counted(2, 2)));
    stage.claim('what never settles fails after 3 attempts', all(ids.never, counted(3, 3)));
    stage.claim(
      'by its timeout',
      all(ids.never, ({ error }) => error?.kind === 'timeout'),
    );
    stage.claim(
      'and what throws says why',
      all(ids.throwsAlways, ({ error }) => error?.kind === 'error' && error.message === 'Attempt 3 throws.'),
    );
    await workers[0]!.process.ready();
  },
} satisfies Scenario;
