import { setTimeout as pause } from 'node:timers/promises';
import { handler } from './declare.mjs';

/** Runs for `ms`, and writes a line when its signal aborts: it ends then. */
export const Heeds = handler('test.heed', async ({ ms = 1_000 }, { taskId, attempt, signal }) => {
  try {
    await pause(ms, undefined, { signal });
  } catch {
    process.stdout.write(`${JSON.stringify({ aborted: taskId, attempt, at: Date.now(), reason: signal.reason.name })}\n`);
    throw signal.reason;
  }
  return { attempt };
});
