import { setTimeout as wait } from 'node:timers/promises';
import { quantile } from '../table.mjs';
import { JSON_BODY, TASK } from '../task.mjs';

const EVERY_MS = 20;
const WARM_UP = 25;
const HEADERS = { ...JSON_BODY, prefer: 'wait=10' };

/** From submission to "it is done" in the client's hands at 50 submissions a second, whether or not the earlier ones are done: milliseconds. */
export async function latency(url, tasks) {
  const startedAt = performance.now();
  const calls = [];
  for (let n = 0; n < WARM_UP + tasks; n++) {
    await wait(Math.max(0, startedAt + n * EVERY_MS - performance.now()));
    const call = timed(url);
    // All are awaited in the end; until then a failure must not end the process.
    call.catch(() => {});
    calls.push(call);
  }
  const times = (await Promise.all(calls)).slice(WARM_UP);
  return { p50: quantile(times, 0.5), p99: quantile(times, 0.99) };
}

async function timed(url) {
  const startedAt = performance.now();
  const answer = await fetch(`${url}/api/tasks`, { method: 'POST', headers: HEADERS, body: JSON.stringify(TASK) });
  const { status } = await answer.json();
  if (status !== 'COMPLETED') throw new Error(`Expected a task that is COMPLETED, got ${answer.status} and ${status}.`);
  return performance.now() - startedAt;
}
