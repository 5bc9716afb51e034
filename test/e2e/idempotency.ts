import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { plainTask, reverseTask, type Accepted, type Api, type Body } from '../support/api.js';
import type { Answer } from '../support/http.js';
import { expectProblem } from '../support/matchers.js';

/** What `Idempotency-Key` promises: however often a request comes, it counts once. */
export function idempotency(api: Api): void {
  const withKey = (key: string, body: Body | string) =>
    api.post<Accepted>('/api/tasks', body, { 'idempotency-key': key, 'content-type': 'application/json' });
  const rowsOf = async (tag: string) => (await api.listAll({ tag })).length;
  const newTag = () => `k-${randomUUID()}`;

  it('answers a repeated request as the first time, and keeps one task', async () => {
    const tag = newTag();
    const key = randomUUID();
    const first = await withKey(key, plainTask({ tags: [tag] }));
    const again = await withKey(key, plainTask({ tags: [tag] }));

    expect(again).toMatchObject({ status: 202, body: first.body, headers: { location: first.headers.location } });
    expect(await rowsOf(tag)).toBe(1);
  });

  it('answers the first time again also when the task has ended meanwhile', async () => {
    const key = randomUUID();
    const first = await withKey(key, reverseTask('x'));
    await api.untilFinal(first.body.task_id);

    expect(await withKey(key, reverseTask('x'))).toMatchObject({ status: 202, body: first.body });
  });

  it('refuses another body under the same key', async () => {
    const tag = newTag();
    const key = randomUUID();
    await withKey(key, plainTask({ tags: [tag] }));

    expectProblem(await withKey(key, plainTask({ tags: [tag], title: 'Other' })), 422, 'idempotency_key_reused');
    expect(await rowsOf(tag)).toBe(1);
  });

  it('refuses the same body under the same key at another path', async () => {
    const key = randomUUID();
    await withKey(key, plainTask());
    const answer = await api.post('/api/tasks/batch', { tasks: [plainTask()] }, { 'idempotency-key': key });

    expectProblem(answer, 422, 'idempotency_key_reused');
  });

  it('takes a body with other white space and another order of names for the same', async () => {
    const key = randomUUID();
    const first = await withKey(key, '{"title":"a","description":"b","metadata":{"x":1,"y":[1,2]}}');
    const again = await withKey(key, '{ "metadata": {"y": [1, 2], "x": 1.0},\n "description": "b", "title": "\\u0061" }');

    expect(again.body).toEqual(first.body);
  });

  it('makes one task of many requests at once: each gets the same answer, or is told to come back', async () => {
    const tag = newTag();
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 8 }, () => withKey(key, plainTask({ tags: [tag] }))));

    const ids = answers.filter(({ status }) => status === 202).map(({ body }) => body.task_id);
    expect(new Set(ids).size).toBe(1);
    for (const answer of answers as Answer[]) {
      if (answer.status === 202) continue;
      expectProblem(answer, 409, 'idempotency_key_in_use');
      expect(answer.headers['retry-after']).toMatch(/^\d+$/);
    }
    expect(await rowsOf(tag)).toBe(1);
  });

  it('lets one of several different requests at once have the key', async () => {
    const tag = newTag();
    const key = randomUUID();
    const answers = await Promise.all(['a', 'b', 'c', 'd'].map((title) => withKey(key, plainTask({ title, tags: [tag] }))));

    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
    expect(answers.every(({ status }) => [202, 409, 422].includes(status))).toBe(true);
    expect(await rowsOf(tag)).toBe(1);
  });

  it('makes two tasks of two requests without a key', async () => {
    const tag = newTag();
    await api.submitted(plainTask({ tags: [tag] }));
    await api.submitted(plainTask({ tags: [tag] }));

    expect(await rowsOf(tag)).toBe(2);
  });

  it.each([
    ['the envelope', plainTask({ title: 7 })],
    ['the payload', reverseTask(7)],
    ['the type', { type: 'no.such' }],
    ['the JSON', '{"title":'],
  ])('leaves a key free when %s was wrong', async (_name, wrong) => {
    const key = randomUUID();
    await withKey(key, wrong);

    expect((await withKey(key, plainTask())).status).toBe(202);
  });

  it('takes a key in quotes for the same as without', async () => {
    const key = randomUUID();
    const first = await withKey(key, plainTask());

    expect((await withKey(`"${key}"`, plainTask())).body).toEqual(first.body);
  });

  it('tells keys apart by case and by spaces inside the quotes', async () => {
    const key = `k${randomUUID()}`;
    const answers = await Promise.all(
      [key, key.toUpperCase(), `"${key} "`, `" ${key}"`].map((spelling) => withKey(spelling, plainTask())),
    );

    expect(new Set(answers.map(({ body }) => body.task_id)).size).toBe(4);
  });

  it('takes a key of 255 characters', async () => {
    expect((await withKey(randomUUID().padEnd(255, 'x'), plainTask())).status).toBe(202);
  });

  it.each([
    ['an empty one', ''],
    ['an empty one in quotes', '""'],
    ['256 characters', 'x'.repeat(256)],
    ['a tab inside', 'a\tb'],
    ['characters beyond ASCII', 'sch\u00fcssel'],
    ['a quote without its end', '"abc'],
    ['more than one quoted text', '"a" "b"'],
  ])('refuses as a key %s', async (_name, key) => {
    expectProblem(await withKey(key, plainTask()), 400, undefined, ['/header/idempotency-key']);
  });
}
