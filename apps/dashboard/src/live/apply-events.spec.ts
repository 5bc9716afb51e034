import { describe, expect, it } from '@jest/globals';
import { changesOf } from './apply-events';
import type { LiveEvent } from './feed';

const event = (task_id: string, name: LiveEvent['event'], data: unknown): LiveEvent => ({
  id: null,
  event: name,
  task_id,
  at: '2027-01-31T12:00:00Z',
  data,
});

describe('changesOf', () => {
  it('keeps the last word about each task', () => {
    const changes = changesOf([
      event('a', 'status', { status: 'PROCESSING', attempt: 1 }),
      event('b', 'status', { status: 'PROCESSING', attempt: 2 }),
      event('a', 'progress', { attempt: 1, progress: { current: 1, total: 2, message: null } }),
      event('a', 'status', { status: 'COMPLETED', attempt: 1 }),
      event('a', 'log', { message: 'bye' }),
    ]);

    expect(Object.fromEntries(changes)).toEqual({
      a: { status: 'COMPLETED', attempt: 1, progress: { current: 1, total: 2, message: null } },
      b: { status: 'PROCESSING', attempt: 2 },
    });
  });

  it('takes thousands of events in a blink', () => {
    const many = Array.from({ length: 10_000 }, (_, index) => event(`task-${index % 500}`, 'status', { status: 'COMPLETED' }));
    const startedAt = performance.now();

    expect(changesOf(many).size).toBe(500);
    expect(performance.now() - startedAt).toBeLessThan(200);
  });
});
