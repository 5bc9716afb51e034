import { describe, expect, it } from '@jest/globals';
import type { Call, Row } from '../evidence.js';
import { call, evidence, row } from './builders.js';
import { duplicated, notFenced } from './effects.js';

const found = (rows: Row[], calls: Call[], handBacks = false) => duplicated(evidence({ rows, calls }), { handBacks }).length;

describe('duplicated', () => {
  it('grants each task its call', () => {
    expect(found([row()], [call()])).toBe(0);
  });

  it('grants a further call for a crash and for a failure', () => {
    expect(found([row({ attempt: 2, crashes: 1 })], [call(), call({ attempt: 2 })])).toBe(0);
    expect(found([row({ attempt: 2, failures: 1 })], [call(), call({ attempt: 2 })])).toBe(0);
  });

  it('grants a further call for a hand-back only where the scenario hands back', () => {
    const calls = [call(), call({ attempt: 2 })];

    expect(found([row({ attempt: 2 })], calls)).toBe(1);
    expect(found([row({ attempt: 2 })], calls, true)).toBe(0);
  });

  it('finds an attempt that called twice', () => {
    expect(found([row({ attempt: 2, crashes: 1 })], [call(), call()])).toBe(1);
  });

  it('finds a call of an attempt that was never granted, and of a task without a row', () => {
    expect(found([row()], [call({ attempt: 2 })])).toBe(1);
    expect(found([], [call()])).toBe(1);
  });
});

describe('notFenced', () => {
  it('finds the result of another attempt than the last', () => {
    expect(notFenced(evidence({ rows: [row({ attempt: 2, result: { attempt: 1 } })] }))).toHaveLength(1);
    expect(notFenced(evidence({ rows: [row({ attempt: 2 })] }))).toEqual([]);
  });

  it('finds an attempt that both ended without success and completed the task', () => {
    const attempts = [{ taskId: 't1', attempt: 1, kind: 'crash' }];

    expect(notFenced(evidence({ rows: [row()], attempts }))).toHaveLength(1);
    expect(notFenced(evidence({ rows: [row({ attempt: 2 })], attempts }))).toEqual([]);
  });
});
