import { expect, it } from '@jest/globals';
import { boundOf, bucketOf, percentile, sumOf } from './histogram.js';

it('puts a duration into the bucket whose bound is the next one', () => {
  for (const ms of [0.5, 1, 3, 17, 1_000, 86_400_000]) {
    expect(boundOf(bucketOf(ms))).toBeGreaterThanOrEqual(ms * 0.999);
    expect(boundOf(bucketOf(ms))).toBeLessThanOrEqual(Math.max(1, ms * 1.101));
  }
});

it('tells percentiles of several histograms together, a tenth too high at most', () => {
  const durations = Array.from({ length: 1_000 }, (_, index) => index + 1);
  const histograms = [0, 1].map((half) => sumOf(durations.filter((ms) => ms % 2 === half).map((ms) => ({ [bucketOf(ms)]: 1 }))));
  const all = sumOf(histograms);

  for (const share of [0.5, 0.95, 0.99]) {
    expect(percentile(all, share)).toBeGreaterThanOrEqual(share * 999);
    expect(percentile(all, share)).toBeLessThanOrEqual(share * 1_000 * 1.11);
  }
});

it('tells no percentile of nothing', () => {
  expect(percentile({}, 0.5)).toBeNull();
});
