interface Found<T> {
  value: T | null;
  at: number;
}

/**
 * Remembers for a few seconds what was looked up, also that there is nothing. What changes meanwhile in another process is seen when
 * that time is over.
 */
export class Recent<T> {
  private readonly found = new Map<string, Found<T>>();
  private readonly underWay = new Map<string, Promise<T | null>>();

  constructor(
    private readonly look: (key: string) => Promise<T | null>,
    private readonly keepMs: number,
    private readonly most: number,
  ) {}

  /** The value at once if it is remembered. */
  get(key: string): T | null | Promise<T | null> {
    const found = this.found.get(key);
    return found && performance.now() - found.at < this.keepMs ? found.value : this.ask(key);
  }

  /** True for what was looked up, however long ago. */
  has(key: string): boolean {
    return this.found.has(key);
  }

  /** Everything is looked up anew. */
  forget(): void {
    this.found.clear();
    this.underWay.clear();
  }

  private ask(key: string): Promise<T | null> {
    const running = this.underWay.get(key);
    if (running) return running;
    const at = performance.now();
    const asked: Promise<T | null> = this.look(key)
      .then((value) => {
        // An answer that was on its way when everything was forgotten may be out of date.
        if (this.underWay.get(key) === asked) this.keep(key, { value, at });
        return value;
      })
      .finally(() => {
        if (this.underWay.get(key) === asked) this.underWay.delete(key);
      });
    this.underWay.set(key, asked);
    return asked;
  }

  private keep(key: string, found: Found<T>): void {
    this.found.delete(key);
    this.found.set(key, found);
    if (this.found.size > this.most) this.found.delete(this.found.keys().next().value!);
  }
}
