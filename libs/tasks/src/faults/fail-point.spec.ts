import { describe, expect, it } from '@jest/globals';
import { FailPlan, failPoint } from './fail-point.js';

const times = (plan: FailPlan, count: number) => Array.from({ length: count }, () => plan.pass('after_claim'));

describe('FailPlan', () => {
  it('lets every point pass that it does not name', () => {
    expect(new FailPlan('', 1).pass('after_claim')).toBeUndefined();
    expect(new FailPlan('before_claim', 1).pass('after_claim')).toBeUndefined();
  });

  it('kills every time, or the time it is told', () => {
    expect(times(new FailPlan('after_claim', 1), 2)).toEqual(['SIGKILL', 'SIGKILL']);
    expect(times(new FailPlan('mid_effect,after_claim#3', 1), 4)).toEqual([undefined, undefined, 'SIGKILL', undefined]);
  });

  it('stops where it is told to stop', () => {
    expect(times(new FailPlan('stop@after_claim#2', 1), 2)).toEqual([undefined, 'SIGSTOP']);
  });

  it('kills with the given probability, and the same seed at the same times', () => {
    const decided = times(new FailPlan('after_claim:0.05', 7), 10_000);

    expect(times(new FailPlan('after_claim:0.05', 7), 10_000)).toEqual(decided);
    expect(decided.filter(Boolean).length).toBeGreaterThan(400);
    expect(decided.filter(Boolean).length).toBeLessThan(600);
  });
});

describe('failPoint', () => {
  it('does nothing unless armed', () => {
    expect(() => failPoint('after_claim')).not.toThrow();
  });
});
