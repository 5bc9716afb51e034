import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Api } from '../support/api.js';
import { QUICK_REPAIR, deploy } from '../support/deployment.js';
import { eventually, lasting } from '../support/eventually.js';
import { TaskwellProcess } from '../support/processes.js';
import { Scope } from '../support/scope.js';
import { describeWithServers } from '../support/suites.js';

const SCHEDULES = 8;
const SECONDS = 27;
/** Every schedule ticks every second; the first look at it takes up to a second. */
const TICKS = SCHEDULES * (SECONDS - 2);

interface Fire {
  tick_at: Date;
  outcome: string;
  task_id: string | null;
}

describeWithServers('Schedules', () => {
  let scope: Scope;

  beforeEach(() => {
    scope = new Scope();
  });

  afterEach(() => scope.end(), 60_000);

  it(`make one task for each of ${TICKS} ticks and more, with three workers of which one is killed and one stopped`, async () => {
    const { apis, workers, database, env } = await deploy(scope, { workers: 3, env: QUICK_REPAIR });
    const api = new Api(apis[0]!.url);
    const endsAt = new Date(Date.now() + SECONDS * 1_000).toISOString();
    const schedule = {
      cron: '* * * * * *',
      overlap: 'queue',
      ends_at: endsAt,
      task: { type: 'text.reverse', payload: { text: 'tick' } },
    };
    const ids = await Promise.all(
      Array.from({ length: SCHEDULES }, async () => {
        const { body } = await api.post<{ schedule_id: string }>('/api/schedules', schedule);
        return body.schedule_id;
      }),
    );
    await lasting(7_000);
    await workers[0]!.kill();
    await TaskwellProcess.start('worker', scope, env);
    await lasting(5_000);
    await workers[1]!.stop();
    await TaskwellProcess.start('worker', scope, env);

    await eventually(
      'all schedules have ended, and nothing waits',
      async () => {
        // The service has a schedule of its own, which never ends.
        const left = "SELECT id FROM {db}.schedules WHERE ends_at IS NOT NULL AND (status <> 'ENDED' OR waiting > 0)";
        return (await database.rows(left)).length === 0 && (await database.count("status <> 'COMPLETED'")) === 0;
      },
      { within: 90_000, every: 200 },
    );

    let ticks = 0;
    for (const id of ids) {
      const fires = await database.rows<Fire>('SELECT * FROM {db}.schedule_fires WHERE schedule_id = ? ORDER BY tick_at', [id]);
      const tasks = await database.rows<{ id: string }>('SELECT task_id AS id FROM {db}.schedule_tasks WHERE schedule_id = ?', [
        id,
      ]);
      ticks += fires.length;
      const first = fires[0]!.tick_at.getTime();
      expect(fires.map(({ tick_at }) => tick_at.getTime())).toEqual(fires.map((_, n) => first + n * 1_000));
      expect(fires.every(({ outcome }) => outcome === 'fired')).toBe(true);
      expect(tasks.map((task) => task.id).sort()).toEqual(fires.map(({ task_id }) => task_id).sort());
    }
    expect(ticks).toBeGreaterThanOrEqual(TICKS);
  }, 180_000);
});
