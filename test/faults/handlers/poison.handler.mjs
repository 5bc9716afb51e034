import { handler } from './declare.mjs';

/** Takes the whole process with it. */
export const Abort = handler('test.abort', () => process.abort());

/** Blocks the event loop for `ms`, in its first `times` attempts, and then returns at once. */
export const Busy = handler('test.busy', ({ ms = 1_000, times = Infinity }, { attempt }) => {
  const end = performance.now() + (attempt <= times ? ms : 0);
  while (performance.now() < end);
  return { attempt };
});
