import { Receiver } from '../../support/receiver.js';
import { EFFECT, type Work } from '../client.js';
import { isFinal } from '../evidence.js';
import type { Stage } from '../stage.js';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

/** For every process: the receiver is on this machine, and what takes days takes seconds. */
export const CALLBACK_ENV = {
  EGRESS_ALLOW: '127.0.0.1',
  CALLBACK_SECRET: SECRET,
  CALLBACK_SCHEDULE: Array.from({ length: 30 }, () => '0.5').join(','),
};

/** A receiver of callbacks for this run. */
export function receiverOf(stage: Stage): Promise<Receiver> {
  return Receiver.open(stage.scope, SECRET);
}

/** A task that tells the receiver of its end. */
export function telling(receiver: Receiver, path = '/', work: Work = EFFECT): Work {
  return { ...work, more: { ...work.more, callback_url: receiver.url(path) } };
}

/** What must hold of every callback, whatever happened: at least one call for each end, about the end, with one id, signed. */
export async function claimCallbacks(stage: Stage, ...receivers: Receiver[]): Promise<void> {
  await stage.settle();
  const rows = (await stage.deployment.rows.all()).filter(({ status }) => isFinal(status));
  stage.claim('there were tasks to tell of', rows.length > 0);
  for (const { id, status } of rows) {
    const calls = receivers.flatMap((receiver) => receiver.about(id));
    stage.claim(`the end of ${id} was told`, calls.length > 0);
    stage.claim(
      `what was told of ${id} is what its row says`,
      calls.every(({ body }) => body.type === `task.${status.toLowerCase()}` && body.data.task_id === id),
    );
  }
  stage.claim(
    'every call was signed',
    receivers.every(({ calls }) => calls.every(({ verified }) => verified)),
  );
}

/** Tasks that got more than one call. */
export function toldAgain(receiver: Receiver): string[][] {
  const timestamps = new Map<string, string[]>();
  for (const { headers } of receiver.calls) {
    const id = headers['webhook-id'] as string;
    timestamps.set(id, [...(timestamps.get(id) ?? []), headers['webhook-signature'] as string]);
  }
  return [...timestamps.values()].filter((times) => times.length > 1);
}
