import { lasting } from '../../support/eventually.js';
import type { Random } from '../../support/random.js';
import type { Work } from '../client.js';
import type { Stage } from '../stage.js';
import { untilAccepted } from './outage.js';

/** How long everything runs undisturbed before the first fault: what a process needs then is what its growth is measured from. */
export const WARM_UP_MS = 30_000;

/** All kinds of work at once. */
export const WORKS: readonly Work[] = [
  { type: 'plain' },
  { type: 'plain', more: { priority: 'high', tags: ['storm'] } },
  { type: 'test.effect' },
  { type: 'test.effect', payload: { before_ms: 100, after_ms: 100 } },
  { type: 'test.effect', payload: { after_ms: 2_500 }, more: { priority: 'low' } },
  { type: 'test.effect', more: { delay_seconds: 2 } },
  { type: 'test.throw', payload: { times: 1 } },
  { type: 'test.throw', expect: 'FAILED', more: { max_attempts: 2 } },
  { type: 'test.reject', payload: { times: 1 } },
  { type: 'test.big', payload: { bytes: 50_000 } },
];

/** For every process: a task may be in the hands of many that die, which is no fault of its own. */
export const STORM_ENV = { PLAIN_TASK_MS: 100, MAX_CRASHES: 100, SHUTDOWN_GRACE_SECONDS: 2 };

/**
 * Under load, one fault each ten to thirty seconds for the stage's minutes. Which ones, and when, comes from `random` alone; each is
 * printed when it begins.
 */
export async function storm(stage: Stage, random: Random, faults: Record<string, () => Promise<unknown>>): Promise<void> {
  stage.client.load({ works: WORKS, lines: 3, pauseMs: 200 });
  stage.client.load({ works: WORKS, lines: 3, pauseMs: 200, keyed: true });
  await lasting(WARM_UP_MS);
  const begunAt = performance.now();
  const end = begunAt + stage.minutes * 60_000;
  let next = begunAt;
  while (next < end && !stage.scope.ended) {
    const fault = random.pick(Object.keys(faults));
    process.stdout.write(`     ${Math.round((performance.now() - begunAt) / 1000)} s: ${fault}\n`);
    await stage.fault(fault, faults[fault]!);
    next += random.between(10_000, 30_000);
    await lasting(Math.max(0, Math.min(next, end) - performance.now()));
  }
  await untilAccepted(stage);
  await stage.client.stopAll();
}
