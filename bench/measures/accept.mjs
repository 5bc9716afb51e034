import autocannon from 'autocannon';
import { JSON_BODY, TASK } from '../task.mjs';

const CONNECTIONS = 64;
const WARM_UP_SECONDS = 1;

/**
 * Submissions answered 2xx in a second at concurrency 64, and how long an answer takes, in milliseconds.
 *
 * @throws Error if a request fails or is answered otherwise.
 */
export async function accept(url, seconds) {
  await load(url, WARM_UP_SECONDS);
  const { '2xx': accepted, duration, latency } = await load(url, seconds);
  return { rate: accepted / duration, p50: latency.p50, p99: latency.p99 };
}

async function load(url, seconds) {
  const result = await autocannon({
    url: `${url}/api/tasks`,
    method: 'POST',
    headers: JSON_BODY,
    body: JSON.stringify(TASK),
    connections: CONNECTIONS,
    duration: seconds,
  });
  if (result.non2xx > 0 || result.errors > 0) {
    throw new Error(`${result.non2xx} submissions were not answered 2xx, ${result.errors} failed.`);
  }
  return result;
}
