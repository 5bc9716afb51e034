import { describe, expect, it } from '@jest/globals';
import { call, evidence, fault, invoke, ok, processRecord, row } from './builders.js';
import { check } from './check.js';

const good = {
  history: [invoke(), ok(), ...fault(1_020, 1_030)],
  rows: [row()],
  calls: [call()],
  processes: [processRecord({ fenced: 2 })],
};

describe('check', () => {
  it('finds no problem in a good run', () => {
    expect(check(evidence(good), { boundMs: 5_000 })).toMatchObject({
      submitted: 1,
      accepted: 1,
      lost: 0,
      unexpected: 0,
      duplicated: 0,
      fenced: 2,
      slowestMs: 70,
      problems: [],
    });
  });

  it('counts a claim that does not hold', () => {
    expect(check(evidence({ ...good, broken: ['the sun shines'] }), { boundMs: 5_000 }).problems).toEqual([
      { kind: 'claim', text: 'the sun shines' },
    ]);
  });

  it('counts what is lost and what took too long', () => {
    const findings = check(evidence({ ...good, history: [invoke(), ok({ id: 't9' }), ...fault(1_020, 1_030)] }), { boundMs: 50 });

    expect(findings.lost).toBe(1);
    expect(findings.problems.map(({ kind }) => kind)).toEqual(['lost', 'too slow']);
  });
});
