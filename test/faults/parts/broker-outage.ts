import type { Load, Outcome } from '../client.js';
import type { Stage } from '../stage.js';

/** A second over what a submission takes on a busy machine. */
const ANSWER_MS = 1_500;

/** Clients submit on while `outage` lasts, and must not notice. The load goes on afterwards. */
export async function submitThrough(stage: Stage, what: string, outage: () => Promise<void>): Promise<Load> {
  const load = stage.client.load();
  await stage.until('the load flows', () => load.accepted.length > 100);
  const before = load.outcomes.length;
  await stage.fault(what, outage);
  claimUnnoticed(stage, what, load.outcomes.slice(before));
  return load;
}

function claimUnnoticed(stage: Stage, what: string, during: readonly Outcome[]): void {
  const refused = during.filter(({ status }) => status !== 202);
  const slowest = Math.round(Math.max(...during.map(({ ms }) => ms)));
  stage.claim(`submissions went on while ${what}`, during.length > 100);
  stage.claim(`every one was accepted while ${what}, not ${refused[0]?.status}`, refused.length === 0);
  stage.claim(`every answer came within ${ANSWER_MS} ms while ${what}, not in ${slowest} ms`, slowest < ANSWER_MS);
}
