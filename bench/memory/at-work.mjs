import { withDeployment } from '../deployment.mjs';
import { load } from '../measures/accept.mjs';
import { idle } from '../measures/drain.mjs';
import { distributed } from '../systems/distributed.mjs';
import { embedded } from '../systems/embedded.mjs';
import { figure } from '../table.mjs';
import { watched } from './rss.mjs';

/** What an API has to take while the broker is away, of what a worker has to drain. */
export const SUBMITS_SHARE = 0.1;

/** A worker that finds a pile in the broker, and the API that put it there. */
export async function workerDrain(tasks) {
  return withDeployment(distributed, async (deployment) => {
    const api = await watched(deployment.pids.api, () => deployment.fill(tasks));
    await deployment.startWorker();
    const worker = await watched(deployment.pids.worker, () => idle(deployment));
    return [
      { what: `API, MySQL + RabbitMQ: takes ${figure(tasks)} in batches, no worker`, ...api },
      { what: `worker, MySQL + RabbitMQ: drains ${figure(tasks)}`, ...worker },
    ];
  });
}

/** The one process, to which a pile is submitted in batches. */
export async function embeddedDrain(tasks) {
  return withDeployment(embedded, async (deployment) => {
    const memory = await watched(deployment.pids.api, async () => {
      await deployment.fill(tasks);
      await idle(deployment);
    });
    return [{ what: `embedded: takes ${figure(tasks)} in batches and drains them`, ...memory }];
  });
}

/** The one process, to which tasks are submitted one by one. */
export async function embeddedSubmits(tasks) {
  const amount = Math.ceil(tasks * SUBMITS_SHARE);
  return withDeployment(embedded, async (deployment) => {
    const memory = await watched(deployment.pids.api, async () => {
      await load(deployment.url, { amount });
      await idle(deployment);
    });
    return [{ what: `embedded: takes ${figure(amount)} one by one and drains them`, ...memory }];
  });
}
