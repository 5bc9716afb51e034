import { handler } from './declare.mjs';

/** Returns a result of about so many `bytes`. */
export const Big = handler('test.big', ({ bytes = 100_000 }, { attempt }) => ({ attempt, text: 'x'.repeat(bytes) }));
