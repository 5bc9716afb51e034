import { describe, expect, it } from '@jest/globals';
import type { Failure, LogLine, PastAttempt, TaskStatus } from '../task.js';
import { historyOf, isAfter, parsePosition, positionText, type TaskState } from './history.js';

const at = (minute: number) => new Date(Date.UTC(2027, 0, 1, 12, minute));
const failure = (attempt: number): Failure => ({ kind: 'error', message: 'no luck', attempt });

function state(differences: Partial<TaskState>): TaskState {
  return {
    id: 'id',
    type: 'test.work',
    title: 'Work',
    status: 'PENDING',
    attempt: 0,
    workerId: null,
    error: null,
    progress: null,
    runAt: at(0),
    createdAt: at(0),
    startedAt: null,
    updatedAt: at(0),
    completedAt: null,
    ...differences,
  };
}

const past = (attempt: number): PastAttempt => ({
  attempt,
  workerId: 'w',
  startedAt: at(attempt * 2 - 1),
  endedAt: at(attempt * 2),
  error: failure(attempt),
});
const line = (attempt: number, number: number): LogLine => ({
  attempt,
  line: number,
  level: 'info',
  message: 'm',
  at: at(attempt),
});

/** The history as `position status` and `position log`. */
function told(given: Partial<TaskState>, attempts: PastAttempt[] = [], lines: LogLine[] = []): string[] {
  return historyOf(state(given), attempts, lines).map(
    (one) => `${positionText(one.position)} ${one.event === 'log' ? 'log' : one.status}`,
  );
}

const ended = (status: TaskStatus, attempt: number): Partial<TaskState> => ({
  status,
  attempt,
  workerId: 'w',
  startedAt: at(9),
  completedAt: at(10),
});

describe('historyOf', () => {
  it.each<[string, string[], Parameters<typeof told>]>([
    ['a task that waits', ['0.0.0 PENDING'], [{}]],
    ['one that runs', ['0.0.0 PENDING', '1.0.0 PROCESSING'], [{ status: 'PROCESSING', attempt: 1, workerId: 'w' }]],
    ['one that completed', ['0.0.0 PENDING', '1.0.0 PROCESSING', '1.2.0 COMPLETED'], [ended('COMPLETED', 1)]],
    [
      'one that failed and waits',
      ['0.0.0 PENDING', '1.0.0 PROCESSING', '1.2.0 PENDING'],
      [{ attempt: 1, error: failure(1) }, [past(1)]],
    ],
    ['one that failed for good', ['0.0.0 PENDING', '1.0.0 PROCESSING', '1.2.0 FAILED'], [ended('FAILED', 1), [past(1)]]],
    [
      'one that was handed back and completed later',
      ['0.0.0 PENDING', '1.0.0 PROCESSING', '1.2.0 PENDING', '2.0.0 PROCESSING', '2.2.0 COMPLETED'],
      [ended('COMPLETED', 2)],
    ],
    [
      'one that was called off before it ran',
      ['0.0.0 PENDING', '0.3.0 CANCELLED'],
      [{ status: 'CANCELLED', completedAt: at(3) }],
    ],
    ['one that was called off while it ran', ['0.0.0 PENDING', '1.0.0 PROCESSING', '1.2.0 CANCELLED'], [ended('CANCELLED', 1)]],
    [
      'one that was called off between two attempts',
      ['0.0.0 PENDING', '1.0.0 PROCESSING', '1.2.0 PENDING', '1.3.0 CANCELLED'],
      [{ ...ended('CANCELLED', 1), workerId: null }, [past(1)]],
    ],
    [
      'one that was handed back and called off',
      ['0.0.0 PENDING', '1.0.0 PROCESSING', '1.2.0 PENDING', '1.3.0 CANCELLED'],
      [{ ...ended('CANCELLED', 1), workerId: null }],
    ],
    [
      'lines of the log, each within its attempt',
      ['0.0.0 PENDING', '1.0.0 PROCESSING', '1.1.1 log', '1.2.0 PENDING', '2.0.0 PROCESSING', '2.1.1 log', '2.1.2 log'],
      [{ status: 'PROCESSING', attempt: 2, workerId: 'w' }, [past(1)], [line(1, 1), line(2, 1), line(2, 2)]],
    ],
  ])('tells %s', (_name, expected, given) => {
    expect(told(...given)).toEqual(expected);
  });

  it('leaves for later what is newer than the row', () => {
    const running = { status: 'PROCESSING', attempt: 1, workerId: 'w' } as const;

    expect(told(running, [past(1), past(2)], [line(2, 1)])).toEqual(['0.0.0 PENDING', '1.0.0 PROCESSING']);
  });

  it('tells the same of what has happened, however far the task has come since', () => {
    const stages: Parameters<typeof told>[] = [
      [{}],
      [{ status: 'PROCESSING', attempt: 1, workerId: 'w' }, [], [line(1, 1)]],
      [{ attempt: 1 }, [past(1)], [line(1, 1)]],
      [{ status: 'PROCESSING', attempt: 2, workerId: 'w' }, [past(1)], [line(1, 1)]],
      [{ attempt: 2 }, [past(1)], [line(1, 1)]],
      [ended('COMPLETED', 3), [past(1)], [line(1, 1)]],
    ];
    const histories = stages.map((stage) => told(...stage));
    const last = histories.at(-1)!;

    for (const history of histories) expect(history).toEqual(last.slice(0, history.length));
  });

  it('puts every happening behind the one before', () => {
    const history = historyOf(state(ended('FAILED', 2)), [past(1), past(2)], [line(1, 1), line(1, 2), line(2, 1)]);

    history.slice(1).forEach((one, index) => expect(isAfter(one.position, history[index]!.position)).toBe(true));
  });
});

describe('a position', () => {
  it('is what its text says', () => {
    expect(parsePosition('12.1.501')).toEqual([12, 1, 501]);
    expect(positionText([12, 1, 501])).toBe('12.1.501');
  });

  it.each(['', '1', '1.4.0', '1.1', '-1.0.0', '1.1.1.1', '1796-0', '99999999999.0.0'])('is not %p', (text) => {
    expect(parsePosition(text)).toBeNull();
  });
});
