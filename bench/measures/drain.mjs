import { until } from '../until.mjs';

const LOOK = { everyMs: 10 };

/**
 * Tasks completed in a second, of a pile that was there before the worker: from the first completion seen to the last, so that
 * neither the filling nor the start of the worker counts.
 *
 * A deployment that cannot be stopped works off the pile while it comes in: counted from the first submission to the last completion.
 */
export async function drain(deployment, tasks) {
  if (deployment.alwaysWorking) {
    const startedAt = performance.now();
    await deployment.fill(tasks);
    await idle(deployment);
    return tasks / ((performance.now() - startedAt) / 1000);
  }
  await deployment.fill(tasks);
  await deployment.startWorker();
  const before = await until('the first task completes', () => deployment.completed(), LOOK);
  const startedAt = performance.now();
  await idle(deployment);
  return (tasks - before) / ((performance.now() - startedAt) / 1000);
}

/** Resolves when every task is finished. */
export async function idle(deployment) {
  await until('all tasks are finished', async () => !(await deployment.busy()), LOOK);
}
