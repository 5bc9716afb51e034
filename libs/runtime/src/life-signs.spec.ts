import { expect, it } from '@jest/globals';
import { LifeSigns } from './life-signs.js';

it('LifeSigns name what has been silent for longer than it may', () => {
  const signs = new LifeSigns();
  let silentMs = 0;
  signs.watch('The sweeper', 5_000, () => silentMs);
  signs.watch('The scheduler', 5_000, () => 0);

  expect(signs.problems()).toEqual([]);
  silentMs = 7_400;
  expect(signs.problems()).toEqual(['The sweeper has not been heard of for 7 s']);
});
