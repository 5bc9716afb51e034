import { send } from '../../support/http.js';
import { LEASE_AND_SWEEP_MS, R_MS } from '../bounds.js';
import type { Scenario } from '../scenario.js';

const EACH = 20;
const HIGH = { type: 'test.effect', more: { priority: 'high' } };
const NOTICED_MS = 30_000;

export default {
  name: 'queue-without-leader',
  faults: [8, 11],
  title: 'the queue of one class has no leader, as RabbitMQ 3.10 may leave one after a kill; later it has one again',
  needs: { database: 'shared', broker: { private: 'memory' } },
  boundMs: R_MS,
  async run(stage) {
    const { broker, workers } = await stage.deploy();
    const worker = workers[0]!;
    const member = `quorum_queues, {'%2F_${broker.due('normal')}', node()}`;
    const readiness = async () => JSON.stringify((await send(worker.process.url, { path: '/readyz' })).body);
    await stage.fault('the queue of the normal class loses its leader', async () => {
      await stage.rabbitmq!.ctl('eval', `ra:stop_server(${member}).`);
      await stage.until('the worker says which', async () => (await readiness()).includes(broker.due('normal')), NOTICED_MS);
      const waiting = await stage.client.submitMany(EACH);
      for (const id of await stage.client.submitMany(EACH, HIGH)) await stage.untilFinal(id, LEASE_AND_SWEEP_MS);
      const rows = (await stage.deployment.rows.all()).filter(({ id }) => waiting.includes(id));
      stage.claim(
        'its own tasks wait',
        rows.every(({ status }) => status === 'PENDING'),
      );
      await stage.rabbitmq!.ctl('eval', `ra:restart_server(${member}).`);
    });
    await stage.settle();
    await stage.until('the worker is ready again', async () => (await readiness()).includes('"ok"'), NOTICED_MS);
  },
} satisfies Scenario;
