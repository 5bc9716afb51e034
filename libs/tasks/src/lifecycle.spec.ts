import { describe, expect, it } from '@jest/globals';
import { cancel, complete, crash, fail, handBack, type TaskIn } from './lifecycle.js';
import type { Failure } from './task.js';

const boom: Failure = { kind: 'error', message: 'boom', attempt: 1 };

function processingTask(fields: Partial<TaskIn<'PROCESSING'>> = {}): TaskIn<'PROCESSING'> {
  return {
    id: 'a',
    status: 'PROCESSING',
    attempt: 1,
    maxAttempts: 3,
    failures: 0,
    crashes: 0,
    callbackUrl: null,
    callbackFormat: null,
    ...fields,
  };
}

describe('complete', () => {
  it('is guarded by the attempt that did the work', () => {
    expect(complete(processingTask({ attempt: 4 }), '"done"')).toEqual({
      taskId: 'a',
      from: { status: 'PROCESSING', attempt: 4 },
      set: { status: 'COMPLETED', result: '"done"' },
    });
  });
});

describe('fail', () => {
  it('puts a task that has attempts left back in line', () => {
    const { set } = fail(processingTask({ failures: 1 }), boom, { retryable: true });

    expect(set).toMatchObject({ status: 'PENDING', failures: 2, error: boom });
  });

  it('waits longer after every failure', () => {
    const first = fail(processingTask(), boom, { retryable: true }).set.dueInMs!;
    const later = fail(processingTask({ failures: 4, maxAttempts: 9 }), boom, { retryable: true }).set.dueInMs!;

    expect(first).toBeLessThanOrEqual(1_000);
    expect(later).toBeGreaterThanOrEqual(8_000);
  });

  it('ends the task with its last attempt', () => {
    const { set } = fail(processingTask({ failures: 2 }), boom, { retryable: true });

    expect(set).toEqual({ status: 'FAILED', failures: 3, error: boom });
  });

  it('ends the task at once when no attempt can do better', () => {
    expect(fail(processingTask(), boom, { retryable: false }).set.status).toBe('FAILED');
  });

  it('counts failures, not attempts: crashes and hand-backs before it cost nothing', () => {
    const { set } = fail(processingTask({ attempt: 7, crashes: 2 }), boom, { retryable: true });

    expect(set).toMatchObject({ status: 'PENDING', failures: 1 });
  });
});

describe('crash', () => {
  it('lands only if the lease has run out', () => {
    expect(crash(processingTask(), 3).from).toEqual({ status: 'PROCESSING', attempt: 1, leaseExpired: true });
  });

  it('puts the task back in line at once, without counting a failure', () => {
    const { set } = crash(processingTask(), 3);

    expect(set).toMatchObject({ status: 'PENDING', crashes: 1, dueInMs: 0 });
    expect(set.failures).toBeUndefined();
  });

  it('ends a task that takes its workers down, and says how often it did', () => {
    const { set } = crash(processingTask({ crashes: 2 }), 3);

    expect(set).toMatchObject({ status: 'FAILED', crashes: 3, error: { kind: 'crash' } });
    expect(set.error!.message).toContain('Crashed 3 times');
  });
});

describe('handBack', () => {
  it('costs the task neither a failure nor a crash', () => {
    expect(handBack(processingTask()).set).toEqual({ status: 'PENDING', dueInMs: 0 });
  });
});

describe('cancel', () => {
  it('takes the right to write from a running attempt', () => {
    const { from, set } = cancel(processingTask({ attempt: 2 }));

    expect(from).toEqual({ status: 'PROCESSING', attempt: 2 });
    expect(set).toMatchObject({ status: 'CANCELLED', error: { kind: 'cancelled', attempt: 2 } });
  });
});
