/** Nobody gave up a turn in time. */
export class NoTurn extends Error {
  override name = 'NoTurn';
}

interface Waiting {
  go: () => void;
  dismiss: () => void;
}

/** Lets so many go at once; the others wait in line, but not for ever. */
export class Turns {
  private taken = 0;
  private readonly line = new Set<Waiting>();

  constructor(private readonly size: number) {}

  /** How many stand in line. */
  get waiting(): number {
    return this.line.size;
  }

  /** Takes a turn, which must be given back, if one is free. */
  takeFree(): boolean {
    if (this.taken >= this.size) return false;
    this.taken++;
    return true;
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

  /** Takes the next turn that comes back. @throws NoTurn when none came within `ms`, or upon {@link dismiss}. */
  wait(ms: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => waiting.dismiss(), ms);
      const waiting: Waiting = {
        go: () => {
          clearTimeout(timer);
          resolve();
        },
        dismiss: () => {
          clearTimeout(timer);
          this.line.delete(waiting);
          reject(new NoTurn('All turns are taken.'));
        },
      };
      this.line.add(waiting);
    });
  }

  /** Sends everybody in line away. */
  dismiss(): void {
    for (const waiting of [...this.line]) waiting.dismiss();
  }
}
