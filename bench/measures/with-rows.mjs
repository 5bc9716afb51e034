import autocannon from 'autocannon';
import { TAG, sampleIds } from '../seed/rows.mjs';
import { accept } from './accept.mjs';
import { drain, idle } from './drain.mjs';

const CONNECTIONS = 16;
const PAGE = 'page_size=20';

/** What is measured of a deployment that has rows, each as something in a second. */
export const ROW_MEASURES = {
  async accept(deployment, { acceptSeconds }) {
    const { rate } = await accept(deployment.url, acceptSeconds);
    await deployment.startWorker?.();
    await idle(deployment);
    await deployment.stopWorker?.();
    return rate;
  },
  async drain(deployment, { drainTasks }) {
    const rate = await drain(deployment, drainTasks);
    await deployment.stopWorker?.();
    return rate;
  },
  async read(deployment, { readSeconds }) {
    const ids = (deployment.sample ??= await sampleIds(deployment.ask));
    return reads(deployment, readSeconds, () => `/api/tasks/${ids[Math.floor(Math.random() * ids.length)]}`);
  },
  list: pages(PAGE),
  'list-status': pages(`${PAGE}&status=PENDING`),
  'list-type': pages(`${PAGE}&type=text.reverse`),
  'list-tag': pages(`${PAGE}&tag=${encodeURIComponent(TAG)}`),
};

function pages(query) {
  return (deployment, { readSeconds }) => reads(deployment, readSeconds, () => `/api/tasks?${query}`);
}

async function reads({ url }, seconds, path) {
  const setupRequest = (request) => ({ ...request, path: path() });
  const result = await autocannon({ url, connections: CONNECTIONS, duration: seconds, requests: [{ setupRequest }] });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${result.non2xx} reads were not answered 2xx, ${result.errors} failed.`);
  return result['2xx'] / result.duration;
}
