import { REDIS_URL } from '../../servers.mjs';

export const CONNECTION = { url: REDIS_URL };

/** Kept are enough of the last ones for whoever waits for one of them. */
export const OPTIONS = { removeOnComplete: { count: 1_000 } };
