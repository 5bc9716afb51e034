/** Something that is asked for again when it is older than so many milliseconds. Who asks waits a moment at most, and then gets what was known. */
export class Fresh<T> {
  private askedAt = -Infinity;
  private asking: Promise<void> | undefined;

  constructor(
    private known: T,
    private readonly ask: () => Promise<T>,
    private readonly limits: { keepMs: number; waitMs: number },
  ) {}

  async get(): Promise<T> {
    if (!this.asking && performance.now() - this.askedAt > this.limits.keepMs) this.asking = this.renew();
    if (this.asking) await atMost(this.limits.waitMs, this.asking);
    return this.known;
  }

  /** What could not be learned stays as it was. */
  private async renew(): Promise<void> {
    try {
      this.known = await this.ask();
      this.askedAt = performance.now();
    } catch {
      // The metrics of the database's errors tell of it.
    } finally {
      this.asking = undefined;
    }
  }
}

async function atMost(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  await Promise.race([work, late]);
  clearTimeout(timer);
}
