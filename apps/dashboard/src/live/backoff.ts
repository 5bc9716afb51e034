const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;

/** Pauses that double, each up to a half shorter, so that pages do not all come back at once. */
export class Backoff {
  private failures = 0;

  next(): number {
    const pause = Math.min(FIRST_MS * 2 ** this.failures++, LONGEST_MS);
    return pause * (0.5 + Math.random() / 2);
  }

  succeeded(): void {
    this.failures = 0;
  }
}
