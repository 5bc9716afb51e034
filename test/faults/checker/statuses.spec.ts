import { describe, expect, it } from '@jest/globals';
import type { Look, Row } from '../evidence.js';
import { evidence, look, row } from './builders.js';
import { wentBack } from './statuses.js';

const found = (looks: Look[], last: Row = row({ attempt: 2 })) => wentBack(evidence({ looks, rows: [last] })).length;

describe('wentBack', () => {
  it('grants every way forward, also over a failed attempt', () => {
    const way = [look('PENDING', 0), look('PROCESSING', 1), look('PENDING', 1), look('PROCESSING', 2), look('COMPLETED', 2)];

    expect(found(way)).toBe(0);
  });

  it.each([
    ['from running to before it ran', [look('PROCESSING', 1), look('PENDING', 0)]],
    ['to an earlier attempt', [look('PROCESSING', 2), look('PROCESSING', 1)]],
    ['out of a final state', [look('COMPLETED', 2), look('PENDING', 2), look('COMPLETED', 2)]],
    ['from one final state to another', [look('FAILED', 2), look('COMPLETED', 2)]],
  ])('finds a way %s', (_way, looks) => {
    expect(found(looks)).toBeGreaterThan(0);
  });

  it('finds a final state that was seen and is not the one at the end', () => {
    expect(found([look('COMPLETED', 1)])).toBe(1);
  });

  it('holds the looks of one observer against each other, not those of two', () => {
    expect(found([look('PROCESSING', 2, 'database'), look('PROCESSING', 1, 'client')])).toBe(0);
  });
});
