const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 5 * 60_000;

/**
 * The wait before the next attempt: 1 s, doubled with every failure, at most 5 minutes, of which the upper half is random,
 * so that tasks that failed together do not return together.
 *
 * @param failures how many attempts have failed so far, from 1.
 * @param random a number from 0 to 1; given by tests.
 */
export function backoffMs(failures: number, random = Math.random()): number {
  const full = Math.min(FIRST_DELAY_MS * 2 ** (failures - 1), LONGEST_DELAY_MS);
  return Math.round(full * (0.5 + random / 2));
}
