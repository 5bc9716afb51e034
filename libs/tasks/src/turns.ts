/** Nobody gave up a turn in time. */
export class NoTurn extends Error {
  override name = 'NoTurn';
}

interface Waiting {
  go: () => void;
}

/** Lets so many go at once; the others wait in line, but not for ever. */
export class Turns {
  private taken = 0;
  private readonly line = new Set<Waiting>();

  constructor(private readonly size: number) {}

  /** True if the next one would not have to wait. */
  get free(): boolean {
    return this.taken < this.size;
  }

  /** Takes a turn, which must be given back. @throws NoTurn when none came within `ms`. */
  async take(ms: number): Promise<void> {
    if (this.free) this.taken++;
    else await this.wait(ms);
  }

  /** Gives a turn to the next in line. */
  giveBack(): void {
    const [next] = this.line;
    if (!next) {
      this.taken--;
      return;
    }
    this.line.delete(next);
    next.go();
  }

  private wait(ms: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.line.delete(waiting);
        reject(new NoTurn('All turns are taken.'));
      }, ms);
      const waiting: Waiting = {
        go: () => {
          clearTimeout(timer);
          resolve();
        },
      };
      this.line.add(waiting);
    });
  }
}
