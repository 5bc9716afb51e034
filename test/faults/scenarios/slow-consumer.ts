import type { Scenario } from '../scenario.js';

const BACKLOG = 12_000;
const WORK = { type: 'test.wait', payload: { ms: 50 } };
const CONCURRENCY = 32;
/** At 50 ms each, and half as fast on a busy machine. */
const DRAIN_MS = (BACKLOG / CONCURRENCY) * 50 * 2;
/** In the sweeper's hands and the worker's, at a glance. */
const IN_HAND = 64;

interface Glance {
  /** Messages that wait in the queue. */
  depth: number;
  /** Rows that wait for a worker. */
  due: number;
}

export default {
  name: 'slow-consumer',
  faults: [41],
  title: 'a long backlog of tasks of 50 ms waits for one worker, past several repetitions of every announcement',
  needs: { database: 'shared', broker: 'shared' },
  boundMs: DRAIN_MS + 20_000,
  async run(stage) {
    const { apis, workers, broker, database } = await stage.prepare({ workerEnv: { WORKER_CONCURRENCY: CONCURRENCY } });
    await apis[0]!.start();
    const load = stage.client.load({ works: [WORK], lines: 100, pauseMs: 0, count: BACKLOG });
    await load.done;
    const glance = async (): Promise<Glance> => {
      // The rows first: what is done between the two looks makes the queue shorter, not longer.
      const due = await database.count(`status = 'PENDING'`);
      return { depth: await broker.depth(broker.due()), due };
    };
    await stage.until('everything is announced', async () => (await glance()).depth > 0);
    const full = await glance();
    const glances: Glance[] = [];
    await stage.fault('a slow worker finds the backlog', () => workers[0]!.start());
    await stage.until(
      'the backlog is done',
      async () => {
        glances.push(await glance());
        return glances.at(-1)!.due === 0;
      },
      DRAIN_MS + 20_000,
    );
    const rest = await glance();
    const growth = full.depth / full.due;
    const worst = glances.reduce((a, b) => (b.depth - 1.1 * growth * b.due > a.depth - 1.1 * growth * a.due ? b : a));
    stage.claim(
      `never more than 1.1 messages for each one that the waiting rows began with (${JSON.stringify({ full, worst, rest })})`,
      worst.depth <= 1.1 * growth * worst.due + IN_HAND,
    );
    await stage.settle();
    stage.claim('each task took one attempt', (await database.count('attempt <> 1')) === 0);
  },
} satisfies Scenario;
