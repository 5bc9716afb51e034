import { setTimeout as pause } from 'node:timers/promises';
import { failPoint } from '../../../dist/libs/tasks/src/index.js';
import { handler } from './declare.mjs';

/** Waits `before_ms`, calls the sink once with the task's id as the key, and waits `after_ms`. */
export const Effect = handler('test.effect', async ({ before_ms = 0, after_ms = 0 }, { taskId, attempt, signal }) => {
  await wait(before_ms, signal);
  const headers = { 'idempotency-key': taskId, 'x-attempt': String(attempt) };
  const answer = await fetch(process.env.SINK_URL, { method: 'POST', headers, signal });
  // The sink has counted the call and the answer is not read yet.
  failPoint('mid_effect');
  await answer.text();
  if (!answer.ok) throw new Error(`The sink answered ${answer.status}.`);
  failPoint('after_effect');
  await wait(after_ms, signal);
  return { attempt };
});

async function wait(ms, signal) {
  if (ms > 0) await pause(ms, undefined, { signal });
}
