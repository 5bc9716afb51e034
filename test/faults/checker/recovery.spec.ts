import { describe, expect, it } from '@jest/globals';
import type { HistoryLine } from '../evidence.js';
import { evidence, fault, invoke, ok, row } from './builders.js';
import { recovery } from './recovery.js';
import { submissionsOf } from './submissions.js';

/** The slowest recovery of one task, submitted at 1,000. */
function slowest(completedAt: number, ...faults: HistoryLine[][]): number | null {
  const history = [invoke(), ok(), ...faults.flat()];
  return recovery(evidence({ history, rows: [row({ completedAt })] }), submissionsOf(history), 5_000).slowestMs;
}

describe('recovery', () => {
  it('counts from the end of the last fault before the task was final', () => {
    expect(slowest(9_000, fault(2_000, 3_000), fault(4_000, 6_000))).toBe(3_000);
  });

  it('counts from the submission if that is later', () => {
    expect(slowest(1_500, fault(100, 200))).toBe(500);
  });

  it('counts nothing while a fault lasts, before the first, and for a fault that never healed', () => {
    expect(slowest(2_500, fault(2_000, 3_000))).toBeNull();
    expect(slowest(1_500, fault(2_000, 3_000))).toBeNull();
    expect(slowest(9_000, fault(2_000))).toBeNull();
  });

  it('finds what took longer than the bound', () => {
    const history = [invoke(), ok(), ...fault(2_000, 2_000)];
    const judged = (completedAt: number) =>
      recovery(evidence({ history, rows: [row({ completedAt })] }), submissionsOf(history), 5_000).problems;

    expect(judged(7_000)).toEqual([]);
    expect(judged(7_001)).toHaveLength(1);
  });

  it('takes the clock of a scenario that has its own', () => {
    const { slowestMs, problems } = recovery(evidence({ recovered: [{ id: 't1', ms: 5_001 }] }), new Map(), 5_000);

    expect(slowestMs).toBe(5_001);
    expect(problems).toHaveLength(1);
  });
});
