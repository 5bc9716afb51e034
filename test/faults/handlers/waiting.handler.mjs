import { setTimeout as pause } from 'node:timers/promises';
import { handler } from './declare.mjs';

/** Waits `ms` and does nothing else. */
export const Waits = handler('test.wait', async ({ ms = 0 }, { attempt, signal }) => {
  if (ms > 0) await pause(ms, undefined, { signal });
  return { attempt };
});
