import { announcementOf, announceTogether, publishTogether, untilQueueIsEmpty } from '../parts/announcements.js';
import { LEASE_AND_SWEEP_MS } from '../bounds.js';
import type { Scenario } from '../scenario.js';

/** What RabbitMQ 4 allows for unless told otherwise. */
const DELIVERY_LIMIT = 20;
const TOGETHER = 16;
const BUNDLES = 4;
/** Longer than a message keeps others waiting before it is handed back. */
const WORK_MS = 1_200;
const WORK = { type: 'test.effect', payload: { before_ms: WORK_MS } };
const WORKERS = 2;
const CONCURRENCY = 3;
const SHARE_MS = (BUNDLES * TOGETHER * WORK_MS) / (WORKERS * CONCURRENCY);

export default {
  name: 'bundles-of-long-tasks',
  faults: [24],
  title: `messages announce ${TOGETHER} long tasks each and are handed back again and again; the broker parks what comes back too often`,
  needs: { database: 'shared', broker: { private: 'memory' } },
  boundMs: 2 * SHARE_MS + LEASE_AND_SWEEP_MS,
  async run(stage) {
    const deployment = await stage.prepare({ workers: WORKERS, workerEnv: { WORKER_CONCURRENCY: CONCURRENCY } });
    const { broker, database, workers } = deployment;
    const limit = JSON.stringify({ 'delivery-limit': DELIVERY_LIMIT });
    await stage.rabbitmq!.ctl('set_policy', 'limit', '.*', limit, '--apply-to', 'queues');
    await deployment.apis[0]!.start();
    const ids = await stage.client.submitMany(BUNDLES * TOGETHER, WORK);
    await announceTogether(broker, ids.slice(0, TOGETHER));
    const bodies = Array.from({ length: BUNDLES - 1 }, (_, index) => ids.slice((index + 1) * TOGETHER, (index + 2) * TOGETHER));
    await publishTogether(
      broker,
      bodies.map((some) => announcementOf(...some)),
    );
    await stage.fault('two workers find these messages', () => Promise.all(workers.map((worker) => worker.start())));
    const begunAt = performance.now();
    await stage.until('all are done', async () => (await stage.deployment.rows.unfinished()) === 0, 3 * SHARE_MS);
    const tookMs = Math.round(performance.now() - begunAt);
    stage.claim(`the workers shared them (${tookMs} ms for ${SHARE_MS} ms of work each)`, tookMs < 1.5 * SHARE_MS + WORK_MS);
    await untilQueueIsEmpty(broker);
    stage.claim('no message came back too often', (await broker.depth(broker.dead)) === 0);
    stage.claim('no task was begun twice', (await database.count('attempt <> 1')) === 0);
  },
} satisfies Scenario;
