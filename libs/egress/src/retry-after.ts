/** The wait that a `Retry-After` header asks for, in seconds or as a date, at most `mostMs`; undefined if it says neither. */
export function retryAfterMs(header: string | undefined, mostMs: number, now = Date.now()): number | undefined {
  const text = header?.trim() ?? '';
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : /GMT$/i.test(text) ? Date.parse(text) - now : NaN;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(0, ms), mostMs);
}
