import { describe, expect, it } from '@jest/globals';
import { DEFAULT_RETRY, backoffMs, retryPolicy } from './backoff.js';

describe('backoffMs', () => {
  it('doubles with every failure', () => {
    expect([1, 2, 3, 4].map((failures) => backoffMs(failures, DEFAULT_RETRY, 0, 1))).toEqual([1_000, 2_000, 4_000, 8_000]);
  });

  it('stops growing at the cap, however many failures', () => {
    expect([backoffMs(20, DEFAULT_RETRY, 0, 1), backoffMs(2_000, DEFAULT_RETRY, 0, 1)]).toEqual([300_000, 300_000]);
  });

  it('is random in its upper half', () => {
    expect([backoffMs(1, DEFAULT_RETRY, 0, 0), backoffMs(1, DEFAULT_RETRY, 0, 0.5)]).toEqual([500, 750]);
  });

  it('waits at least as long as asked, and a little longer at random', () => {
    expect([backoffMs(1, DEFAULT_RETRY, 60_000, 0), backoffMs(1, DEFAULT_RETRY, 60_000, 1)]).toEqual([60_000, 66_000]);
    expect(backoffMs(9, DEFAULT_RETRY, 1_000, 1)).toBe(256_000);
  });

  it('waits no longer than the cap, whatever is asked', () => {
    expect(backoffMs(1, { firstDelaySeconds: 1, maxDelaySeconds: 30 }, 3_600_000)).toBe(30_000);
  });

  it('does not wait at all where the first delay is none', () => {
    expect(backoffMs(2_000, { firstDelaySeconds: 0, maxDelaySeconds: 30 })).toBe(0);
  });
});

describe('retryPolicy', () => {
  it('takes each wait from the task, else from the type, else from the defaults', () => {
    const own = { firstDelaySeconds: 7, maxDelaySeconds: null };

    expect(retryPolicy(own)).toEqual({ firstDelaySeconds: 7, maxDelaySeconds: 300 });
    expect(retryPolicy(own, { firstDelaySeconds: 3, maxDelaySeconds: 9 })).toEqual({ firstDelaySeconds: 7, maxDelaySeconds: 9 });
  });
});
