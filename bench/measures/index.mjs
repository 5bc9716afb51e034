import { accept } from './accept.mjs';
import { drain, idle } from './drain.mjs';
import { latency } from './latency.mjs';

/** The measures, in the order in which they are taken; each leaves the deployment as the next one wants it. */
export const MEASURES = {
  /** With no worker. */
  async accept(deployment, { acceptSeconds }) {
    const result = await accept(deployment.url, acceptSeconds);
    if (deployment.alwaysWorking) await idle(deployment);
    else await deployment.clear();
    return result;
  },
  drain: (deployment, { drainTasks }) => drain(deployment, drainTasks),
  /** With a worker that runs the tasks meanwhile. */
  async working(deployment, { acceptSeconds }) {
    await deployment.startWorker?.();
    const result = await accept(deployment.url, acceptSeconds);
    await idle(deployment);
    return result;
  },
  async latency(deployment, { latencyTasks }) {
    await deployment.startWorker?.();
    return latency(deployment.url, latencyTasks);
  },
};

/** Takes measures, as [name, measure], of one deployment. */
export async function measureRound(deployment, measures, size) {
  const result = {};
  for (const [name, take] of measures) result[name] = await take(deployment, size);
  return result;
}
