import autocannon from 'autocannon';
import { JSON_BODY, TASK } from '../task.mjs';

const CONNECTIONS = 64;
const WARM_UP_SECONDS = 3;

/**
 * Submissions answered 2xx in a second at concurrency 64, and how long an answer takes, in milliseconds.
 *
 * @throws Error if a request fails or is answered otherwise.
 */
export async function accept(url, seconds) {
  await load(url, { duration: WARM_UP_SECONDS });
  const { '2xx': accepted, duration, latency } = await load(url, { duration: seconds });
  return { rate: accepted / duration, p50: latency.p50, p99: latency.p99 };
}

/**
 * Submits at concurrency 64 for a `duration` in seconds or until an `amount` was answered.
 *
 * @throws Error if a request fails or is answered otherwise than 2xx.
 */
export async function load(url, limit) {
  const result = await autocannon({
    url: `${url}/api/tasks`,
    method: 'POST',
    headers: JSON_BODY,
    body: JSON.stringify(TASK),
    connections: CONNECTIONS,
    ...limit,
  });
  if (result.non2xx > 0 || result.errors > 0) {
    throw new Error(`${result.non2xx} submissions were not answered 2xx, ${result.errors} failed.`);
  }
  return result;
}
