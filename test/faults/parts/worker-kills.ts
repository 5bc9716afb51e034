import { lasting } from '../../support/eventually.js';
import type { Env } from '../../support/processes.js';
import type { Work } from '../client.js';
import type { Deployment } from '../deployment.js';
import type { ProcessRecord, Recovered } from '../evidence.js';
import type { Member } from '../member.js';
import type { Stage } from '../stage.js';

const WORKERS = 3;
const WORKS: readonly Work[] = [
  { type: 'test.effect' },
  { type: 'test.effect', payload: { before_ms: 20, after_ms: 20 } },
  { type: 'test.effect', payload: { before_ms: 300 } },
  { type: 'test.big', payload: { bytes: 20_000 } },
];
const POINTS = ['before_claim', 'after_claim', 'mid_effect', 'after_effect', 'before_settle', 'after_settle_before_ack'];
/** Under so many kills a task loses more workers than any task would that is not to blame for it. */
const MAX_CRASHES = 100;

/**
 * Kills workers until so many processes have died, about half of them at random moments and half at random points of a task's life.
 * Each is started again at once, and there are others all the time. What every task needed is counted from the death of the last worker
 * that had it in its hands.
 */
export async function killWorkers(stage: Stage, kills: number): Promise<void> {
  const { random } = stage;
  const { apis, workers, database } = await stage.prepare({ workers: WORKERS, workerEnv: { MAX_CRASHES } });
  await Promise.all([...apis, ...workers].map((member) => member.start()));
  let armed: Member | undefined;
  const settingsOf = (worker: Member): Env => {
    if (armed === worker) armed = undefined;
    if (armed || random.next() < 0.3) return {};
    armed = worker;
    return { FAIL_POINTS: `${random.pick(POINTS)}#${random.between(1, 150)}` };
  };
  for (const worker of workers) worker.supervise(() => settingsOf(worker));
  const load = stage.client.load({ works: WORKS, lines: 4, pauseMs: 20 });
  const dead = () => workers.flatMap(({ records }) => records).filter(({ ending }) => ending !== null);
  const noted = new Set<ProcessRecord>();
  while (dead().length < kills) {
    await lasting(random.between(50, 400));
    // A burst makes messages that announce several tasks.
    await stage.client.submitMany(random.between(1, 40), random.pick(WORKS));
    const victim = random.pick(workers);
    if (victim !== armed && workers.filter(isReady).length === WORKERS) await victim.kill();
    for (const record of dead().filter((each) => !noted.has(each))) {
      noted.add(record);
      await stage.fault(`${record.name} (pid ${record.pid}) died of ${record.ending!.signal}`, () => {});
    }
  }
  await load.stop();
  for (const worker of workers) {
    await worker.stop();
    await worker.start();
  }
  await stage.settle();
  stage.recoveries(await recoveriesOf(stage.deployment));
  const hit = await database.count('crashes > 0');
  stage.claim(`the kills met tasks at work (${hit})`, hit > kills / 2);
}

function isReady({ running, records }: Member): boolean {
  return running && records.at(-1)!.readyAt !== null;
}

/** From the submission, or the death of the last worker that had the task and did not settle it, to the end. */
async function recoveriesOf({ rows, database, workers }: Deployment): Promise<Recovered[]> {
  const deathOf = new Map(workers.flatMap(({ records }) => records).map(({ pid, ending }) => [pid, ending?.at ?? 0]));
  const attempts = await database.rows<{ id: string; worker: string }>(
    'SELECT task_id AS id, worker_id AS worker FROM {db}.task_attempts',
  );
  const bereft = new Map<string, number>();
  for (const { id, worker } of attempts) {
    const diedAt = deathOf.get(Number(worker.split(':').at(-2))) ?? 0;
    bereft.set(id, Math.max(bereft.get(id) ?? 0, diedAt));
  }
  return (await rows.all()).flatMap(({ id, createdAt, completedAt }) =>
    completedAt === null ? [] : { id, ms: completedAt - Math.max(createdAt, bereft.get(id) ?? 0) },
  );
}
