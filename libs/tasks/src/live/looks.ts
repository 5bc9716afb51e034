const SLOWER = 1.3;
/** The waits between looks, in milliseconds: so many steps that the last is longer than anybody asks for. */
const STEPS_MS = Array.from({ length: 32 }, (_, step) => 3 * SLOWER ** step);
const MOST_AT_ONCE = 500;

/** Something that is looked at again and again. */
export interface Watched {
  readonly id: string;
}

interface Place {
  step: number;
  dueAt: number;
}

export interface LookOptions {
  /** The wait before the first look, in milliseconds. */
  firstMs: () => number;
  /** The longest wait between two looks. */
  longestMs: () => number;
}

/**
 * Decides when to look at what: all of it in shared rounds, and at each ever less often. What waits equally long stands in one line, so
 * that finding who is next takes the same time however many there are.
 */
export class Looks<T extends Watched> {
  private readonly places = new Map<T, Place>();
  private readonly lines = STEPS_MS.map(() => new Set<T>());
  private readonly byId = new Map<string, Set<T>>();
  private readonly hurried = new Set<T>();
  private timer: NodeJS.Timeout | undefined;
  private looking = false;

  /** @param look must not reject. */
  constructor(
    private readonly look: (watched: T[]) => Promise<void>,
    private readonly options: LookOptions,
  ) {}

  get size(): number {
    return this.places.size;
  }

  of(id: string): Iterable<T> {
    return this.byId.get(id) ?? [];
  }

  add(watched: T): void {
    const same = this.byId.get(watched.id) ?? new Set();
    this.byId.set(watched.id, same.add(watched));
    this.putIn(watched, stepOf(this.options.firstMs()));
    this.schedule();
  }

  remove(watched: T): void {
    const place = this.places.get(watched);
    if (!place) return;
    this.places.delete(watched);
    this.lines[place.step]!.delete(watched);
    this.hurried.delete(watched);
    const same = this.byId.get(watched.id)!;
    same.delete(watched);
    if (same.size === 0) this.byId.delete(watched.id);
  }

  /** Looks at it as soon as can be. */
  hurry(watched: T): void {
    if (!this.places.has(watched)) return;
    this.hurried.add(watched);
    this.schedule();
  }

  private putIn(watched: T, step: number): void {
    this.places.set(watched, { step, dueAt: performance.now() + STEPS_MS[step]! });
    this.lines[step]!.add(watched);
  }

  private schedule(): void {
    clearTimeout(this.timer);
    if (this.looking || this.places.size === 0) return;
    this.timer = setTimeout(() => void this.round(), Math.max(0, this.nextAt() - performance.now()));
  }

  private nextAt(): number {
    if (this.hurried.size > 0) return 0;
    let next = Infinity;
    for (const line of this.lines)
      for (const first of line) {
        next = Math.min(next, this.places.get(first)!.dueAt);
        break;
      }
    return next;
  }

  private async round(): Promise<void> {
    this.looking = true;
    const due = this.takeDue(performance.now() + 1);
    await this.look(due.filter((watched) => this.places.has(watched)));
    const longest = stepOf(this.options.longestMs());
    for (const watched of due) {
      const place = this.places.get(watched);
      if (place) this.putIn(watched, Math.min(place.step + 1, longest));
    }
    this.looking = false;
    this.schedule();
  }

  /** Those whose time has come, out of their lines. */
  private takeDue(until: number): T[] {
    const due: T[] = [];
    const take = (watched: T): boolean => {
      this.lines[this.places.get(watched)!.step]!.delete(watched);
      return due.push(watched) === MOST_AT_ONCE;
    };
    for (const watched of this.hurried) {
      this.hurried.delete(watched);
      if (take(watched)) return due;
    }
    for (const line of this.lines)
      for (const watched of line) {
        if (this.places.get(watched)!.dueAt > until) break;
        if (take(watched)) return due;
      }
    return due;
  }
}

function stepOf(ms: number): number {
  return Math.max(
    0,
    STEPS_MS.findIndex((step) => step >= ms),
  );
}
