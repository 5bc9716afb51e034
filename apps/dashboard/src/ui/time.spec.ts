import { describe, expect, it } from '@jest/globals';
import { agoText, spanText } from './time';

describe('spanText', () => {
  it('says spans as people do', () => {
    expect([0.0124, 3.42, 3, 59, 125, 7_200, 273_600].map(spanText)).toEqual([
      '12 ms',
      '3.4 s',
      '3 s',
      '59 s',
      '2m 5s',
      '2h',
      '3d 4h',
    ]);
  });
});

describe('agoText', () => {
  it('looks back and ahead', () => {
    const now = Date.parse('2027-01-31T12:00:00Z');

    expect(agoText('2027-01-31T11:57:00Z', now)).toBe('3m ago');
    expect(agoText('2027-01-31T14:00:00Z', now)).toBe('in 2h');
    expect(agoText('2027-01-31T12:00:00Z', now)).toBe('now');
  });
});
