import { describe, expect, it } from '@jest/globals';
import { backoffMs } from './backoff.js';

describe('backoffMs', () => {
  it('doubles with every failure', () => {
    expect([1, 2, 3, 4].map((failures) => backoffMs(failures, 1))).toEqual([1_000, 2_000, 4_000, 8_000]);
  });

  it('stops growing at five minutes, however many failures', () => {
    expect([backoffMs(20, 1), backoffMs(2_000, 1)]).toEqual([300_000, 300_000]);
  });

  it('is random in its upper half', () => {
    expect([backoffMs(1, 0), backoffMs(1, 0.5)]).toEqual([500, 750]);
  });
});
