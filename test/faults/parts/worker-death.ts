import type { Work } from '../client.js';
import type { Deployment } from '../deployment.js';
import type { Member } from '../member.js';
import type { Stage } from '../stage.js';

export interface Death {
  deployment: Deployment;
  doomed: Member;
  /** Ids of the tasks that the dead worker had in its hands. */
  held: string[];
}

const WORK: Work = { type: 'test.effect', payload: { before_ms: 20, after_ms: 20 } };

/** One of two workers dies at the fail point under load, and is started again. The load ends with that. */
export async function dieUnderLoad(stage: Stage, point: string): Promise<Death> {
  const deployment = await stage.prepare({ workers: 2 });
  const [doomed, other] = deployment.workers as [Member, Member];
  await Promise.all([deployment.apis[0]!.start(), other.start(), doomed.start({ FAIL_POINTS: point })]);
  const load = stage.client.load({ works: [WORK], pauseMs: 5 });
  await stage.fault(`a worker dies at ${point}`, () => doomed.dies());
  const held = await deployment.heldBy(doomed);
  await doomed.start();
  await load.stop();
  return { deployment, doomed, held };
}

/** How often each of the tasks called the sink. */
export function callsOf(stage: Stage, ids: readonly string[]): number[] {
  return ids.map((id) => stage.sink.callsOf(id).length);
}
