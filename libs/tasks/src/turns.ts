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

  /** Takes the next turn that comes back. @throws NoTurn when none came within `ms`. */
  wait(ms: number): Promise<void> {
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
