import type { RetryDelays } from './task.js';

/** The waits between failed attempts when neither the task nor its type says, in seconds. */
export const DEFAULT_RETRY = { firstDelaySeconds: 1, maxDelaySeconds: 5 * 60 };

/** The waits of one task. */
export type RetryPolicy = typeof DEFAULT_RETRY;

/** What a task waits: as it says itself, else as its type says. */
export function retryPolicy(own: RetryDelays, ofType: Partial<RetryPolicy> = {}): RetryPolicy {
  return {
    firstDelaySeconds: own.firstDelaySeconds ?? ofType.firstDelaySeconds ?? DEFAULT_RETRY.firstDelaySeconds,
    maxDelaySeconds: own.maxDelaySeconds ?? ofType.maxDelaySeconds ?? DEFAULT_RETRY.maxDelaySeconds,
  };
}

/**
 * The wait before the next attempt in milliseconds: the first delay, doubled with every failure, of which the upper half is random, so
 * that tasks that failed together do not return together. At least what the handler was asked to wait, and up to a tenth more for the
 * same reason. Never longer than the policy's cap.
 *
 * @param failures how many attempts have failed so far, from 1.
 * @param retryAfterMs what the handler was asked to wait, for instance by a `Retry-After`.
 * @param random a number from 0 to 1; given by tests.
 */
export function backoffMs(failures: number, policy: RetryPolicy, retryAfterMs = 0, random = Math.random()): number {
  const longest = policy.maxDelaySeconds * 1000;
  const full = Math.min(policy.firstDelaySeconds * 1000 * 2 ** Math.min(failures - 1, 40), longest);
  const asked = retryAfterMs > 0 ? retryAfterMs * (1 + random / 10) : 0;
  return Math.round(Math.min(Math.max(full * (0.5 + random / 2), asked), longest));
}
