import { describe, expect, it } from '@jest/globals';
import type { Digest, FailureGroup } from '@app/tasks';
import { subjectOf, textOf } from './letter.js';

const AT = new Date('2027-01-31T09:00:00Z');

function group(given: Partial<FailureGroup> = {}): FailureGroup {
  return { type: 'email.send', kind: 'error', error: 'no answer', count: 1, examples: ['id-1', 'id-1'], ...given };
}

function digest(groups: FailureGroup[], count = groups.reduce((sum, one) => sum + one.count, 0)): Digest {
  return { count, firstAt: AT, lastAt: new Date(AT.getTime() + 60_000), groups };
}

describe('a letter', () => {
  it('tells of one failure', () => {
    expect(subjectOf(digest([group()]))).toBe('A task failed: email.send');
    expect(textOf(digest([group()]), 60_000)).toBe(
      `A task failed for good at 2027-01-31T09:00:00.000Z.

1 × email.send, error: no answer
    id-1

GET /api/tasks/{task_id} shows a task, and POST /api/tasks/{task_id}/retry repeats it.
If more fail, the next mail comes in 60 seconds at the earliest.
`,
    );
  });

  it('counts a storm by type and error, with examples', () => {
    const groups = [
      group({ count: 9_990, examples: ['id-1', 'id-2'] }),
      group({ type: 'plain', kind: 'timeout', error: 'took long', count: 10 }),
    ];
    const text = textOf(digest(groups, 10_050), 240_000);

    expect(subjectOf(digest(groups, 10_050))).toBe('10,050 tasks failed: email.send, plain');
    expect(text).toContain('10,050 tasks failed for good between 2027-01-31T09:00:00.000Z and 2027-01-31T09:01:00.000Z.');
    expect(text).toContain('9,990 × email.send, error: no answer\n    id-1\n    id-2\n');
    expect(text).toContain('10 × plain, timeout: took long\n');
    expect(text).toContain('50 × other errors');
    expect(text).toContain('in 4 minutes');
  });

  it('lets no error steer what is around it', () => {
    expect(textOf(digest([group({ error: 'a\r\n\u0000b\u202ec\u2028d' })]), 1_000)).toContain('error: a b c d\n');
  });
});
