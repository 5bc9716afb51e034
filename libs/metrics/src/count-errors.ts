import type { Count } from './metrics.js';

type Method = (...args: unknown[]) => Promise<unknown>;

/**
 * Counts the rejections of some of an object's methods that are of a kind, by the name of the method. Calls cost what they did, and answer what
 * they did.
 */
export function countErrors<T extends object>(
  target: T,
  methods: readonly (keyof T & string)[],
  kind: abstract new (...args: never[]) => Error,
  countOf: (operation: string) => Count,
): void {
  for (const name of methods) {
    const original = target[name] as Method;
    const count = countOf(operationName(name));
    const counting: Method = function (this: unknown, ...args) {
      const answer = original.apply(this, args);
      answer.catch((error: unknown) => error instanceof kind && count.value++);
      return answer;
    };
    target[name] = counting as T[typeof name];
  }
}

/** `markAnnounced` → `mark_announced`. */
function operationName(method: string): string {
  return method.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
