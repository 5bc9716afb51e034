/** The most claims or settlements of one statement. */
export const MAX_BATCH = 200;
/** Under load, claims and settlements go to the store in rounds of so many milliseconds. */
export const GAP_MS = 5;
/** After a failed try to reach the store. */
export const STORE_RETRY_MS = 500;
