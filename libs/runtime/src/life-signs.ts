import { Global, Module } from '@nestjs/common';

interface Sign {
  name: string;
  limitMs: number;
  silentMs: () => number;
}

/** What must go on in this process. What has been silent for too long is stuck, and only a new process helps. */
export class LifeSigns {
  private readonly signs: Sign[] = [];

  /** @param silentMs how long ago it was last known to work; 0 while it need not. */
  watch(name: string, limitMs: number, silentMs: () => number): void {
    this.signs.push({ name, limitMs, silentMs });
  }

  /** What is stuck, in words; empty if nothing is. */
  problems(): string[] {
    return this.signs
      .map(({ name, limitMs, silentMs }) => ({ name, limitMs, ms: silentMs() }))
      .filter(({ ms, limitMs }) => ms > limitMs)
      .map(({ name, ms }) => `${name} has not been heard of for ${Math.round(ms / 1000)} s`);
  }
}

@Global()
@Module({ providers: [{ provide: LifeSigns, useFactory: () => new LifeSigns() }], exports: [LifeSigns] })
export class LifeSignsModule {}
