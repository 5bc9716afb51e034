import { setTimeout as wait } from 'node:timers/promises';

/**
 * Looks every `everyMs` until `look` gives something true, and answers that.
 *
 * @throws Error that names `what` after `withinMs`.
 */
export async function until(what, look, { everyMs = 10, withinMs = 300_000 } = {}) {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (performance.now() > deadline) throw new Error(`Waited ${withinMs / 1000} s in vain until ${what}.`);
    await wait(everyMs);
  }
}
