/** Longest time that an answer is held back at a client's wish. */
export const MAX_WAIT_SECONDS = 30;

const WAIT = /^\s*wait\s*=\s*(?:(\d{1,9})|"(\d{1,9})")\s*(?:;|$)/i;

/**
 * The seconds of `Prefer: wait=…` (RFC 7240), at most {@link MAX_WAIT_SECONDS}; undefined without one. The first wait counts;
 * what is malformed or unknown is ignored, as the RFC wants it.
 */
export function preferredWait(header: string | string[] | undefined): number | undefined {
  if (header === undefined) return undefined;
  for (const preference of String(header).split(',')) {
    const wait = WAIT.exec(preference);
    if (wait) return Math.min(Number(wait[1] ?? wait[2]), MAX_WAIT_SECONDS);
  }
  return undefined;
}
