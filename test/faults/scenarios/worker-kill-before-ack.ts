import { LEASE_AND_SWEEP_MS } from '../bounds.js';
import { dieUnderLoad } from '../parts/worker-death.js';
import type { Scenario } from '../scenario.js';

export default {
  name: 'worker-kill-before-ack',
  faults: [19],
  title: 'a worker is killed after a task is settled, before its message is acknowledged',
  needs: { database: 'shared', broker: 'shared' },
  boundMs: LEASE_AND_SWEEP_MS,
  async run(stage) {
    const { deployment, doomed } = await dieUnderLoad(stage, `after_settle_before_ack#${stage.random.between(1, 50)}`);
    await stage.settle();
    const dead = `%:${doomed.records[0]!.pid}:%`;
    const settled = await deployment.database.rows<{ id: string; attempt: number }>(
      `SELECT id, attempt FROM {db}.tasks WHERE status = 'COMPLETED' AND worker_id LIKE ?`,
      [dead],
    );
    stage.claim('the dead worker had settled tasks', settled.length > 0);
    stage.claim(
      'their messages came again and were not run again',
      settled.every(({ id }) => stage.sink.callsOf(id).length === 1),
    );
  },
} satisfies Scenario;
