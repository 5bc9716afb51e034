import type { Outcome, Work } from '../client.js';
import type { Stage } from '../stage.js';
import { send } from '../../support/http.js';

/** A client hears within this time that the rows cannot be written. */
const ANSWER_MS = 3_000;
const AT_ONCE = 12;

/** Claims that, while the rows cannot be written, every submission is refused: 503 with Retry-After in time, and never a 2xx. */
export async function refusesAll(stage: Stage, when: string, options: { rounds?: number; work?: Work } = {}): Promise<void> {
  const outcomes: Outcome[] = [];
  for (let round = 0; round < (options.rounds ?? 3); round++) {
    outcomes.push(...(await Promise.all(Array.from({ length: AT_ONCE }, () => stage.client.submit(options.work)))));
  }
  const statuses = [...new Set(outcomes.map(({ status }) => status))].join(', ');
  stage.claim(`every submission is refused with 503 (${when}), but the answers were ${statuses}`, statuses === '503');
  claimInTime(stage, when, outcomes);
}

/** Claims that every refusal of the outcomes came in time and says when to try again. */
export function claimInTime(stage: Stage, when: string, outcomes: readonly Outcome[]): void {
  const refused = outcomes.filter(({ status }) => status === 503);
  const slowest = Math.round(Math.max(0, ...refused.map(({ ms }) => ms)));
  stage.claim(
    `each 503 carries Retry-After (${when})`,
    refused.every(({ retryAfter }) => /^\d+$/.test(retryAfter ?? '')),
  );
  stage.claim(`each 503 comes within ${ANSWER_MS} ms (${when}), but one took ${slowest} ms`, slowest < ANSWER_MS);
}

/** Claims that the API tells its probes that it lives and cannot do its work. */
export async function tellsProbes(stage: Stage, when: string): Promise<void> {
  const { url } = stage.deployment.apis[0]!;
  const [alive, ready] = await Promise.all([send(url, { path: '/livez' }), send(url, { path: '/readyz' })]);
  stage.claim(`the API lives and is not ready (${when})`, alive.status === 200 && ready.status === 503);
}

/** Resolves when submissions are accepted again. */
export async function untilAccepted(stage: Stage, count = 20): Promise<void> {
  const before = stage.client.accepted.length;
  await stage.until(
    'submissions are accepted again',
    async () => {
      await stage.client.submit();
      return stage.client.accepted.length >= before + count;
    },
    30_000,
  );
}
