const WINDOW_SECONDS = 60;
const MOST_WINDOWS = 10_000;

/** What is left of a key's requests. */
export interface Quota {
  limit: number;
  windowSeconds: number;
  remaining: number;
  /** Seconds until all of them are there again. */
  resetSeconds: number;
  exceeded: boolean;
}

/** Counts the requests of each key in windows of a minute. Each process counts for itself. */
export class RateLimits {
  private readonly windows = new Map<string, { endsAt: number; used: number }>();

  /** Counts one request. */
  take(keyId: string, limit: number, now = performance.now()): Quota {
    let window = this.windows.get(keyId);
    if (!window || window.endsAt <= now) {
      if (this.windows.size >= MOST_WINDOWS) this.windows.clear();
      window = { endsAt: now + WINDOW_SECONDS * 1_000, used: 0 };
      this.windows.set(keyId, window);
    }
    const exceeded = window.used >= limit;
    if (!exceeded) window.used++;
    // Times have fractions: their sum and difference may be a trifle more than the window.
    const resetSeconds = Math.min(WINDOW_SECONDS, Math.ceil((window.endsAt - now) / 1_000));
    return { limit, windowSeconds: WINDOW_SECONDS, remaining: limit - window.used, resetSeconds, exceeded };
  }
}
