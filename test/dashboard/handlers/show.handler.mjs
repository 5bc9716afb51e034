// Types that the tests of the dashboard look at, loaded into Taskwell by TEST_HANDLERS.
import { setTimeout as pause } from 'node:timers/promises';
import { handler } from '../../faults/handlers/declare.mjs';

/** Says how far it is and what it does, for `steps` steps of `ms` each. */
export const Reports = handler('show.report', async ({ steps = 10, ms = 200 }, { progress, log, signal }) => {
  for (let step = 1; step <= steps; step++) {
    log(
      step % 4 === 0 ? `Page ${step} came late, waited for it` : `Page ${step} of ${steps} drawn`,
      step % 4 === 0 ? 'warn' : 'info',
    );
    progress(step, steps, `page ${step}`);
    await pause(ms, undefined, { signal });
  }
  return { pages: steps };
});

/** Fails with `message`, in its first `times` attempts. */
export const Fails = handler(
  'show.fail',
  async ({ message = 'connect ECONNREFUSED 10.0.0.7:5432: connection refused', times = Infinity }, { attempt, log }) => {
    log(`Attempt ${attempt} begins`);
    if (attempt <= times) throw new Error(message);
    return { attempt };
  },
);
