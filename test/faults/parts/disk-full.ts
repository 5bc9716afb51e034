import type { Work } from '../client.js';
import type { Stage } from '../stage.js';
import { fillDisk } from './disk.js';
import { claimInTime, untilAccepted } from './outage.js';

export interface FullDisk {
  /** Where the rows are. */
  folder: string;
  /** What is left, in megabytes. */
  leaveMb: number;
  works: readonly Work[];
  /** What has to be done once there is room again. */
  afterwards?: () => Promise<unknown>;
}

/** So many refusals show that there really is no room. */
const REFUSALS = 40;

/** Clients go on submitting while the disk is full; what is accepted meanwhile must be kept like everything else. */
export async function fillUnderLoad(stage: Stage, { folder, leaveMb, works, afterwards }: FullDisk): Promise<void> {
  const load = stage.client.load({ works, lines: 3, pauseMs: 5 });
  const keyed = stage.client.load({ works, lines: 2, pauseMs: 5, keyed: true });
  await stage.until('the load flows', () => load.accepted.length > 30 && keyed.accepted.length > 10);
  await stage.fault('the disk is full', async () => {
    const free = fillDisk(folder, leaveMb);
    const refusals = () => load.outcomes.filter(({ status }) => status === 503).length;
    await stage.until('clients are refused', () => refusals() >= REFUSALS, 60_000).finally(free);
    await afterwards?.();
  });
  await untilAccepted(stage);
  await stage.client.stopAll();
  const statuses = [...new Set(load.outcomes.map(({ status }) => status))];
  stage.claim(
    `clients are answered 202 or 503, but the answers were ${statuses.join(', ')}`,
    statuses.every((status) => status === 202 || status === 503),
  );
  claimInTime(stage, 'the disk is full', load.outcomes);
}
