import { setTimeout as delay } from 'node:timers/promises';

/** Waits until `look` answers something true and gives that back; fails after `withinMs`. A rejection counts as "not yet". */
export async function eventually<T>(look: () => Promise<T> | T, withinMs = 10_000): Promise<NonNullable<T>> {
  const end = performance.now() + withinMs;
  let reason: unknown = 'nothing came';
  while (performance.now() < end) {
    try {
      const seen = await look();
      if (seen) return seen;
    } catch (error) {
      reason = error;
    }
    await delay(10);
  }
  throw new Error(`Not within ${withinMs} ms.`, { cause: reason });
}
