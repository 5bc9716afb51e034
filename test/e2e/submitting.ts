import { expect, it } from '@jest/globals';
import { isFinal, plainTask, reverseTask, type Api, type TaskView } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { UTC, UUID_V7 } from '../support/matchers.js';

/** How a task gets in, and what becomes of it. */
export function submitting(api: Api): void {
  it('takes the sample task and answers 202 with its id, a message, where to find it and when to look', async () => {
    const answer = await api.submit({
      title: 'Sample Task',
      description: 'Process something',
      metadata: { priority: 'high' },
    });

    expect(answer.status).toBe(202);
    expect(answer.body).toMatchObject({
      task_id: expect.stringMatching(UUID_V7),
      message: expect.stringMatching(/./),
    });
    expect(answer.headers).toMatchObject({
      location: `/api/tasks/${answer.body.task_id}`,
      'retry-after': expect.stringMatching(/^\d+$/),
    });
  });

  it('shows the task PENDING, then PROCESSING, then COMPLETED, and never a step back', async () => {
    const seen: TaskView[] = [];
    const id = await api.submitted(plainTask());
    await eventually(
      'the task is final',
      async () => {
        const task = await api.find(id);
        if (seen.at(-1)?.status !== task.status) seen.push(task);
        return isFinal(task);
      },
      { within: 10_000, every: 10 },
    );

    const statuses = seen.map(({ status }) => status);
    expect(['PENDING', 'PROCESSING', 'COMPLETED'].filter((status) => statuses.includes(status as never))).toEqual(statuses);
    expect(seen.at(-1)).toMatchObject({ status: 'COMPLETED', attempt: 1, error: null, result: null });
  });

  it('writes every time in UTC, in the order in which things happened', async () => {
    const { created_at, started_at, updated_at, completed_at } = await api.untilFinal(await api.submitted(plainTask()));

    for (const time of [created_at, started_at, updated_at, completed_at]) expect(time).toMatch(UTC);
    expect([created_at, started_at, completed_at].sort()).toEqual([created_at, started_at, completed_at]);
    expect(updated_at).toBe(completed_at);
    expect(Math.abs(Date.parse(created_at) - Date.now())).toBeLessThan(120_000);
  });

  it('shows no start and no end of a task that waits', async () => {
    const task = await api.find(await api.submitted(plainTask({ delay_seconds: 3600 })));

    expect(task).toMatchObject({
      status: 'PENDING',
      attempt: 0,
      started_at: null,
      completed_at: null,
      result: null,
      error: null,
    });
  });

  it('keeps what the client gave as it was given', async () => {
    const given = plainTask({
      title: 'Überprüfung 検査 🧪',
      description: 'Two\nlines\tand a tab',
      metadata: { b: 1, a: [null, true, 1.5, 'x'], ключ: { deep: { deeper: {} } }, date: '2026-01-01T00:00:00Z' },
      tags: ['blue', 'team:42'],
      max_attempts: 7,
      timeout_seconds: 77,
      retry: { first_delay_seconds: 2, max_delay_seconds: 600 },
    });
    const task = await api.find(await api.submitted(given));

    expect(task).toMatchObject(given);
    expect(Object.keys(task.metadata as object)).toEqual(Object.keys(given.metadata as object));
  });

  it.each([
    ['a string that looks like a number', '123'],
    ['a string that looks like a boolean', 'true'],
    ['a string that looks like a date', '2026-01-01T00:00:00.000Z'],
    ['zero', 0],
    ['false', false],
    ['an empty array', []],
    ['an empty name', { '': 1 }],
    ['a NUL in a text', { text: 'a\u0000b' }],
    ['half of a surrogate pair', { text: 'a\ud800b' }],
    ['quotes, backslashes and line separators', { text: '"\\\u2028\u2029\'' }],
    [
      'the smallest and largest exact numbers',
      [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, 5e-324, 1.7976931348623157e308],
    ],
    ['a name that every object has', { constructor: 1, toString: 2, hasOwnProperty: 3 }],
  ])('brings a payload back as it was: %s', async (_name, payload) => {
    const task = await api.find(await api.submitted(plainTask({ payload })));

    expect(task.payload).toEqual(payload);
  });

  it('reverses a text by what a reader takes for one character', async () => {
    const id = await api.submitted(reverseTask('née 👩‍👩‍👧 🇫🇷 e\u0301x'));

    expect((await api.untilFinal(id)).result).toEqual({ text: 'xe\u0301 🇫🇷 👩‍👩‍👧 eén' });
  });

  it("gives a task without a title the type's own", async () => {
    const { title } = (await api.get<{ title: string }>('/api/types/text.reverse')).body;

    expect(await api.find(await api.submitted(reverseTask('x')))).toMatchObject({ title, type: 'text.reverse' });
  });

  it.each(['low', 'normal', 'high'])('runs a task of %s priority', async (priority) => {
    const id = await api.submitted(reverseTask('x', { priority }));

    expect(await api.untilFinal(id)).toMatchObject({ status: 'COMPLETED', priority });
  });

  it('answers 200 with the finished task to a client that prefers to wait', async () => {
    const answer = await api.submit<TaskView>(reverseTask('abc'), { prefer: 'wait=10' });

    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ status: 'COMPLETED', result: { text: 'cba' } });
    expect(answer.headers).toMatchObject({
      location: `/api/tasks/${answer.body.task_id}`,
      'preference-applied': 'wait=10',
    });
  });

  it('answers 202 to a client that prefers to wait for a task that does not finish in time', async () => {
    const answer = await api.submit(plainTask({ delay_seconds: 3600 }), { prefer: 'respond-async, wait=1' });

    expect(answer.status).toBe(202);
    expect(answer.ms).toBeGreaterThan(900);
  });

  it.each(['wait', 'wait=', 'wait=-1', 'wait=ten', 'wait=1e3', 'nonsense'])('ignores the preference "%s"', async (prefer) => {
    expect((await api.submit(reverseTask('x'), { prefer })).status).toBe(202);
  });

  it('does not start a delayed task before its time', async () => {
    const id = await api.submitted(reverseTask('x', { delay_seconds: 2 }));
    const { run_at, created_at } = await api.find(id);
    const { started_at, status } = await api.untilFinal(id);

    expect(Math.abs(Date.parse(run_at) - Date.parse(created_at) - 2_000)).toBeLessThanOrEqual(1);
    expect(status).toBe('COMPLETED');
    expect(Date.parse(started_at!)).toBeGreaterThanOrEqual(Date.parse(run_at));
  });

  it('runs a scheduled task at its time', async () => {
    const run_at = new Date(Date.now() + 1_500).toISOString();
    const task = await api.untilFinal(await api.submitted(reverseTask('x', { run_at })));

    expect(task).toMatchObject({ status: 'COMPLETED', run_at });
    expect(Date.parse(task.started_at!)).toBeGreaterThanOrEqual(Date.parse(run_at));
  });

  it('runs a task whose time has passed at once', async () => {
    const id = await api.submitted(reverseTask('x', { run_at: '2001-01-01T00:00:00Z' }));

    expect((await api.untilFinal(id)).status).toBe('COMPLETED');
  });

  it('keeps the instant of a local time that the clocks skip', async () => {
    const id = await api.submitted(plainTask({ run_at: '2027-03-28T02:30:00+01:00' }));

    expect((await api.find(id)).run_at).toBe('2027-03-28T01:30:00.000Z');
  });

  it('keeps a task that is due in the last second of the calendar', async () => {
    const id = await api.submitted(plainTask({ run_at: '9999-12-31T23:59:59.999Z' }));

    expect(await api.find(id)).toMatchObject({ status: 'PENDING', run_at: '9999-12-31T23:59:59.999Z' });
  });
}
