import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Looks } from './looks.js';

const START = { firstMs: () => 3, longestMs: () => 500 };

describe('Looks', () => {
  let looked: string[][];
  let looks: Looks<{ id: string }>;

  beforeEach(() => {
    jest.useFakeTimers();
    looked = [];
    looks = new Looks<{ id: string }>(async (watched) => void looked.push(watched.map(({ id }) => id)), START);
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('looks at all together, and ever less often', async () => {
    for (const id of ['a', 'b']) looks.add({ id });
    await jest.advanceTimersByTimeAsync(10_000);

    expect(new Set(looked.map((ids) => ids.join()))).toEqual(new Set(['a,b']));
    expect(looked.length).toBeGreaterThan(20);
    expect(looked.length).toBeLessThan(50);
  });

  it('looks at once at what is hurried, and not at the others', async () => {
    const [a, b] = [{ id: 'a' }, { id: 'b' }];
    looks.add(a);
    looks.add(b);
    await jest.advanceTimersByTimeAsync(5_000);
    looked.length = 0;
    looks.hurry(b);
    await jest.advanceTimersByTimeAsync(1);

    expect(looked).toEqual([['b']]);
  });

  it('looks no more at what was removed', async () => {
    const a = { id: 'a' };
    looks.add(a);
    looks.remove(a);
    looks.hurry(a);
    await jest.advanceTimersByTimeAsync(5_000);

    expect(looked.flat()).toEqual([]);
    expect(looks.size).toBe(0);
    expect([...looks.of('a')]).toEqual([]);
  });

  it('finds all that watch the same', () => {
    const [one, other] = [{ id: 'a' }, { id: 'a' }];
    looks.add(one);
    looks.add(other);

    expect([...looks.of('a')]).toEqual([one, other]);
  });

  it('looks at 2,000 in rounds of 500', async () => {
    for (let n = 0; n < 2_000; n++) looks.add({ id: String(n) });
    await jest.advanceTimersByTimeAsync(20);

    expect(Math.max(...looked.map((ids) => ids.length))).toBe(500);
    expect(new Set(looked.flat()).size).toBe(2_000);
  });
});
