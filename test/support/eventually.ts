import { setTimeout as pause } from 'node:timers/promises';

export interface Patience {
  /** The longest wait, in milliseconds; ten seconds unless given. */
  within?: number;
  /** Pause between two looks, in milliseconds; 20 unless given. */
  every?: number;
}

type Truthy<T> = Exclude<T, null | undefined | false | 0 | ''>;

/**
 * Looks again and again until `look` answers something true, and answers that. An error thrown by `look` counts as "not yet".
 *
 * @throws Error with `what`, the time waited, and what the last look saw.
 */
export async function eventually<T>(what: string, look: () => T | Promise<T>, patience: Patience = {}): Promise<Truthy<T>> {
  const { within = 10_000, every = 20 } = patience;
  const deadline = performance.now() + within;
  for (;;) {
    let seen: unknown;
    try {
      const value = await look();
      if (value) return value as Truthy<T>;
      seen = value;
    } catch (error) {
      seen = error;
    }
    if (performance.now() >= deadline) {
      throw new Error(`Waited ${within} ms until ${what}. The last look saw: ${String(seen)}`, { cause: seen });
    }
    await pause(every);
  }
}

/** Lets so many milliseconds pass while something else goes on, such as a fault under load. */
export async function lasting(ms: number): Promise<void> {
  await pause(ms);
}
