import type { ClaimedTask, Priority } from '@app/tasks';
import type { StoredInstant } from './task-row.js';

/**
 * Select list that gives a row of `tasks` as a {@link ClaimedRow}; it ends in no comma.
 *
 * @param waitedMs the milliseconds from `run_at` to `started_at`.
 */
export const claimedColumns = (
  waitedMs: string,
): string => `id, type, priority, payload, attempt, max_attempts, failures, crashes, timeout_seconds,
  retry_first_delay_seconds, retry_max_delay_seconds, callback_url, callback_format, started_at, ${waitedMs}, traceparent`;

/** What a claim reads of a row, as a list: it takes a fraction of the time of an object with names. The payload is JSON text. */
export type ClaimedRow = readonly [
  id: string,
  type: string,
  priority: Priority,
  payload: string | null,
  attempt: number,
  maxAttempts: number,
  failures: number,
  crashes: number,
  timeoutSeconds: number | null,
  firstDelaySeconds: number | null,
  maxDelaySeconds: number | null,
  callbackUrl: string | null,
  callbackFormat: string | null,
  startedAt: StoredInstant,
  waitedMs: number,
  traceparent: string | null,
];

/** The domain's view of a row that was just granted. */
export function toClaimedTask(row: ClaimedRow): ClaimedTask {
  const [id, type, priority, payload, attempt, maxAttempts, failures, crashes, ...rest] = row;
  const [timeoutSeconds, firstDelaySeconds, maxDelaySeconds, callbackUrl, callbackFormat, startedAt, waitedMs, traceparent] =
    rest;
  return {
    id,
    type,
    status: 'PROCESSING',
    priority,
    payload: payload === null ? null : JSON.parse(payload),
    attempt,
    maxAttempts,
    failures,
    crashes,
    timeoutSeconds,
    retry: { firstDelaySeconds, maxDelaySeconds },
    callbackUrl,
    callbackFormat,
    startedAt: new Date(startedAt),
    waitedMs: Number(waitedMs),
    traceparent,
  };
}
