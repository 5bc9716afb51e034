/** Random choices that can be repeated: the same seed gives the same ones. Set TEST_SEED to repeat a run of tests. */
export class Random {
  private constructor(private state: number) {}

  /** Choices that depend on the seed and on what they are for, and on nothing else. */
  static from(seed: number, purpose = ''): Random {
    let state = seed | 0;
    for (const letter of purpose) state = Math.imul(state ^ letter.codePointAt(0)!, 0x01000193);
    return new Random(state);
  }

  static newSeed(): number {
    return Math.floor(Math.random() * 2 ** 31);
  }

  /** Prints its seed. */
  static seeded(purpose: string): Random {
    const seed = Number(process.env.TEST_SEED ?? Random.newSeed());
    process.stdout.write(`${purpose}: TEST_SEED=${seed}\n`);
    return new Random(seed);
  }

  /** From 0 to 1 (mulberry32). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from `from` to `to`, both included. */
  between(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.between(0, choices.length - 1)]!;
  }

  /** A seed for somebody else, say a process. */
  seed(): number {
    return this.between(0, 2 ** 31 - 1);
  }
}
