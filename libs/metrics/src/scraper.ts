import { createHash, timingSafeEqual } from 'node:crypto';

/** True if the Authorization header of a request is the token that METRICS_TOKEN gave to who scrapes. */
export function isScraper(authorization: string | undefined, token: string): boolean {
  if (token === '' || authorization === undefined) return false;
  return timingSafeEqual(digest(authorization), digest(`Bearer ${token}`));
}

/** Of one length, as the comparison wants it. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
