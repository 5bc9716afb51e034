import { describe, expect, it } from '@jest/globals';
import { sharesOf } from './shares';

describe('sharesOf', () => {
  it('fills one file after the other', () => {
    expect(sharesOf([100, 200, 100], 200)).toEqual([1, 0.5, 0]);
    expect(sharesOf([100, 200, 100], 1_000)).toEqual([1, 1, 1]);
  });

  it('takes an empty file as sent when its turn has come', () => {
    expect(sharesOf([10, 0, 10], 5)).toEqual([0.5, 0, 0]);
    expect(sharesOf([10, 0, 10], 10)).toEqual([1, 1, 0]);
  });
});
