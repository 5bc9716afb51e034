import { eventually } from '../../support/eventually.js';
import type { Stage } from '../stage.js';

/** Longer than announcements of one moment need to the queue one after the other. */
const CALM_MS = 1_500;

/** Resolves to the number of messages that wait once no more come; fewer than tasks, because announcements share messages. */
export async function messagesAtRest(stage: Stage): Promise<number> {
  const { broker } = stage.deployment;
  let seen = -1;
  let since = 0;
  await eventually(
    'all announcements are in the queue',
    async () => {
      const depth = await broker.depth(broker.due());
      if (depth !== seen) since = performance.now();
      seen = depth;
      return depth > 0 && performance.now() - since > CALM_MS;
    },
    { within: 30_000, every: 50 },
  );
  return seen;
}
