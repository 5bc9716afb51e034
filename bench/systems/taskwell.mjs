import { join } from 'node:path';
import { JSON_BODY, TASK } from '../task.mjs';

const dist = join(import.meta.dirname, '../../dist/apps');

export const API = join(dist, 'api/src/main.js');
export const WORKER = join(dist, 'worker/src/main.js');
export const ENV = { LOG_LEVEL: 'warn', PLAIN_TASK_MS: '0' };

const BATCH = 1_000;

/** Submits a pile in batches of 1,000, each as soon as `ready(submitted)` resolves after the one before. */
export async function submit(url, tasks, ready = async () => {}) {
  for (let submitted = 0; submitted < tasks;) {
    const size = Math.min(BATCH, tasks - submitted);
    const body = JSON.stringify({ tasks: Array(size).fill(TASK) });
    const answer = await fetch(`${url}/api/tasks/batch`, { method: 'POST', headers: JSON_BODY, body });
    if (answer.status !== 202) throw new Error(`Expected 202 for a batch, got ${answer.status}: ${await answer.text()}`);
    await answer.arrayBuffer();
    submitted += size;
    await ready(submitted);
  }
}
