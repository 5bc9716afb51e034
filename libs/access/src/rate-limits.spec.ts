import { describe, expect, it } from '@jest/globals';
import { RateLimits } from './rate-limits.js';

describe('RateLimits', () => {
  it('never asks to wait for longer than the window, whatever the fractions of the clock', () => {
    for (let now = 17_034.2137; now < 17_134; now += 0.0991) {
      expect(new RateLimits().take('key', 2, now).resetSeconds).toBe(60);
    }
  });

  it('counts anew when the window is over', () => {
    const limits = new RateLimits();
    const at = (now: number) => limits.take('key', 1, now);

    expect([at(0), at(59_999), at(60_000)].map(({ exceeded }) => exceeded)).toEqual([false, true, false]);
  });
});
