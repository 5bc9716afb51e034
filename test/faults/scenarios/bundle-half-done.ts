import { callsOf } from '../parts/worker-death.js';
import { announceTogether, untilQueueIsEmpty } from '../parts/announcements.js';
import { LEASE_AND_SWEEP_MS } from '../bounds.js';
import type { Scenario } from '../scenario.js';

const TOGETHER = 16;
const CONCURRENCY = 2;
const WORK = { type: 'test.effect', payload: { after_ms: 20 } };
/** What the dead worker had not begun comes to another one with the message, long before a lease ends. */
const REDELIVERED_MS = 2_500;

export default {
  name: 'bundle-half-done',
  faults: [16, 19],
  title: 'a worker is killed in the middle of a message that announces sixteen tasks',
  needs: { database: 'shared', broker: 'shared' },
  short: true,
  boundMs: LEASE_AND_SWEEP_MS,
  async run(stage) {
    const deployment = await stage.prepare({ workers: 2, workerEnv: { WORKER_CONCURRENCY: CONCURRENCY } });
    const { database, broker, workers } = deployment;
    const [doomed, other] = workers;
    await deployment.apis[0]!.start();
    const ids = await stage.client.submitMany(TOGETHER, WORK);
    await announceTogether(broker, ids);
    const point = stage.random.pick(['after_claim', 'before_settle', 'after_settle_before_ack']);
    await stage.fault(`a worker dies at ${point}`, async () => {
      await doomed!.spawn({ FAIL_POINTS: `${point}#${stage.random.between(4, TOGETHER - 4)}` });
      await doomed!.dies();
    });
    const settled = await idsIn(`status = 'COMPLETED'`);
    const held = await deployment.heldBy(doomed!);
    stage.claim(`the message was partly done (${settled.length} settled, ${held.length} held)`, settled.length > 0);
    stage.claim('and partly not begun', settled.length + held.length < TOGETHER);
    await stage.fault('nobody receives until another worker is there', () => other!.start());
    const startedAt = Date.now();
    await stage.settle();
    const rows = await stage.deployment.rows.all();
    const late = rows.filter(({ id, completedAt }) => !held.includes(id) && completedAt! > startedAt + REDELIVERED_MS);
    stage.claim(`what was not begun did not wait for a lease (${late.length} did)`, late.length === 0);
    stage.claim(
      'what was settled did not run again',
      callsOf(stage, settled).every((calls) => calls === 1),
    );
    stage.claim(
      'only what was held took a second attempt',
      rows.every(({ id, attempt }) => attempt === (held.includes(id) ? 2 : 1)),
    );
    await untilQueueIsEmpty(broker);
    await other!.stop();
    stage.claim('the message is gone', (await broker.depth(broker.due())) === 0);

    async function idsIn(where: string): Promise<string[]> {
      return (await database.rows<{ id: string }>(`SELECT id FROM {db}.tasks WHERE ${where}`)).map(({ id }) => id);
    }
  },
} satisfies Scenario;
