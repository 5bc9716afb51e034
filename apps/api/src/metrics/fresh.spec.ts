import { describe, expect, it } from '@jest/globals';
import { Fresh } from './fresh.js';

describe('Fresh', () => {
  it('asks once for all who ask together, and again only when it has become old', async () => {
    let asked = 0;
    const fresh = new Fresh(0, async () => ++asked, { keepMs: 60_000, waitMs: 1_000 });

    expect(await Promise.all([fresh.get(), fresh.get()])).toEqual([1, 1]);
    expect(await fresh.get()).toBe(1);
  });

  it('gives what was known when the answer takes long, and the answer when it has come', async () => {
    let answer: (value: string) => void = () => {};
    const fresh = new Fresh('old', () => new Promise<string>((resolve) => (answer = resolve)), { keepMs: 60_000, waitMs: 5 });

    expect(await fresh.get()).toBe('old');
    answer('new');
    expect(await fresh.get()).toBe('new');
  });

  it('keeps what was known when it cannot be learned', async () => {
    const fresh = new Fresh('old', () => Promise.reject(new Error('away')), { keepMs: 0, waitMs: 1_000 });

    expect(await fresh.get()).toBe('old');
  });
});
