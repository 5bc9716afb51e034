import { describe, expect, it } from '@jest/globals';
import type { HistoryLine, Row } from '../evidence.js';
import { evidence, invoke, ok, refused, row, unanswered } from './builders.js';
import { lost, outcomes, submissionsOf, unexpected } from './submissions.js';

const verdictOf = (...history: HistoryLine[]) => submissionsOf(history).get('s1')?.verdict;
const judged = (judge: typeof lost, history: HistoryLine[], rows: Row[]) =>
  judge(evidence({ history, rows }), submissionsOf(history)).map(({ text }) => text);

describe('submissionsOf', () => {
  it('takes a submission as accepted when any try was', () => {
    expect(verdictOf(invoke(), unanswered(), invoke(), ok())).toBe('ok');
  });

  it('takes it as refused only when every try was', () => {
    expect(verdictOf(invoke(), refused())).toBe('fail');
    expect(verdictOf(invoke(), unanswered(), invoke(), refused())).toBe('info');
  });

  it('takes a try that was never answered as open', () => {
    expect(verdictOf(invoke())).toBe('info');
  });
});

describe('lost', () => {
  it('finds nothing when the accepted task is final', () => {
    expect(judged(lost, [invoke(), ok()], [row()])).toEqual([]);
  });

  it('finds an accepted task without a row', () => {
    expect(judged(lost, [invoke(), ok()], [])).toEqual(['s1 was accepted as t1 and has no row']);
  });

  it('finds a row that never became final, whatever the client was told', () => {
    expect(judged(lost, [invoke(), unanswered()], [row({ status: 'PROCESSING', completedAt: null })])).toHaveLength(1);
  });
});

describe('unexpected', () => {
  it('grants a row to a submission without an answer', () => {
    expect(judged(unexpected, [invoke(), unanswered()], [row()])).toEqual([]);
  });

  it.each([
    ['of no submission', [], [row()]],
    ['without a submission', [], [row({ submission: null })]],
    ['of a refused submission', [invoke(), refused()], [row()]],
  ])('finds a row %s', (_of, history, rows) => {
    expect(judged(unexpected, history, rows)).toHaveLength(1);
  });

  it('finds a second row of one submission', () => {
    expect(judged(unexpected, [invoke(), ok()], [row(), row({ id: 't2' })])).toEqual(['s1 has 2 rows: t1, t2']);
  });

  it('finds two ids answered to one key', () => {
    expect(judged(unexpected, [invoke(), ok(), ok({ id: 't2' })], [row()])).toEqual(['s1 was answered 2 ids: t1, t2']);
  });
});

describe('outcomes', () => {
  it('finds a task that ended otherwise than its work leads to', () => {
    expect(judged(outcomes, [invoke(), ok()], [row({ status: 'FAILED' })])).toHaveLength(1);
    expect(judged(outcomes, [invoke({ expect: 'FAILED' }), ok()], [row({ status: 'FAILED' })])).toEqual([]);
    expect(judged(outcomes, [invoke({ expect: 'any' }), ok()], [row({ status: 'FAILED' })])).toEqual([]);
  });
});
