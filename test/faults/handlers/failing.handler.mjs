import { handler } from './declare.mjs';

/** Throws in its first `times` attempts, as if the function itself threw. */
export const Throws = handler('test.throw', ({ times = Infinity }, { attempt }) => {
  if (attempt <= times) throw new Error(`Attempt ${attempt} throws.`);
  return { attempt };
});

/** Answers a promise that rejects, in its first `times` attempts. */
export const Rejects = handler('test.reject', ({ times = Infinity }, { attempt }) =>
  attempt <= times ? Promise.reject(new Error(`Attempt ${attempt} rejects.`)) : { attempt },
);

/** Never settles and does not listen to the signal. */
export const Never = handler('test.never', () => new Promise(() => {}), { timeoutSeconds: 2 });
