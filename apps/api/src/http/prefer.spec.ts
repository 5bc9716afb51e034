import { describe, expect, it } from '@jest/globals';
import { preferredWait } from './prefer.js';

describe('preferredWait', () => {
  it.each([
    ['wait=10', 10],
    ['wait=0', 0],
    ['Wait = 10 ; foo', 10],
    ['wait="7"', 7],
    ['respond-async, wait=5', 5],
    ['wait=5, wait=6', 5],
    ['wait=x, wait=6', 6],
    ['wait=31', 30],
    ['wait=999999999', 30],
  ])('reads %j', (header, seconds) => {
    expect(preferredWait(header)).toBe(seconds);
  });

  it.each([
    undefined,
    '',
    'wait',
    'wait=',
    'wait=-1',
    'wait=1.5',
    'wait=1x',
    'wait="1',
    'await=10',
    'wait=99999999999999999999',
    ';;,,=',
  ])('ignores %j', (header) => {
    expect(preferredWait(header)).toBeUndefined();
  });
});
