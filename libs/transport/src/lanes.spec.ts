import { describe, expect, it } from '@jest/globals';
import { Lanes } from './lanes.js';

describe('Lanes', () => {
  it('gives the highest class first, and the oldest within a class', () => {
    const lanes = new Lanes<string>();
    lanes.push('low', 'low');
    lanes.push('normal', 'first');
    lanes.push('normal', 'second');
    lanes.push('high', 'high');

    expect([lanes.take(), lanes.take(), lanes.take(), lanes.take(), lanes.take()]).toEqual([
      'high',
      'first',
      'second',
      'low',
      undefined,
    ]);
  });

  it('keeps order and count over many items', () => {
    const lanes = new Lanes<number>();
    const taken: number[] = [];
    for (let item = 0; item < 10_000; item++) {
      lanes.push('normal', item);
      if (item % 3 > 0) taken.push(lanes.take()!);
    }
    expect(lanes.size).toBe(10_000 - taken.length);
    while (lanes.size > 0) taken.push(lanes.take()!);

    expect(taken).toEqual(Array.from({ length: 10_000 }, (_, item) => item));
  });

  it('gives up the newest of a class, as long as they are wanted', () => {
    const lanes = new Lanes<number>();
    for (const item of [1, 2, 3, 4]) lanes.push('low', item);
    lanes.take();

    expect(lanes.takeNewest('low', (item) => item > 2)).toEqual([3, 4]);
    expect(lanes.takeNewest('low', () => true)).toEqual([2]);
    expect(lanes.takeNewest('low', () => true)).toEqual([]);
    expect(lanes.size).toBe(0);
  });
});
