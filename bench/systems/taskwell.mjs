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

/**
 * SQL for both stores that has a row if a task newer than `marker` (an id) is unfinished. `index` is the store's way of naming the
 * index, which is read from its newest end: at the old one it is full of entries that were deleted and not yet purged.
 */
export function unfinished(index, marker) {
  const newest = (status) =>
    `SELECT * FROM (SELECT 1 FROM tasks ${index} WHERE status = '${status}' AND id > '${marker}' ORDER BY id DESC LIMIT 1) AS ${status}`;
  return `${newest('PENDING')} UNION ALL ${newest('PROCESSING')}`;
}

/** SQL for both stores that counts the COMPLETED tasks newer than `marker`. */
export function completed(index, marker) {
  return `SELECT COUNT(*) FROM tasks ${index} WHERE status = 'COMPLETED' AND id > '${marker}'`;
}

/** SQL for both stores: the id of the newest task. */
export const NEWEST = 'SELECT MAX(id) FROM tasks';
