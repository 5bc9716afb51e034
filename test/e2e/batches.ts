import { randomBytes, randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { plainTask, reverseTask, type Api } from '../support/api.js';
import { expectProblem } from '../support/matchers.js';

interface BatchAccepted {
  message: string;
  items: { task_id: string }[];
}

/** How many tasks get in at once. */
export function batches(api: Api): void {
  it('takes all tasks of a batch and answers their ids in order', async () => {
    const texts = ['ab', 'cd', 'ef'];
    const answer = await api.post<BatchAccepted>('/api/tasks/batch', { tasks: texts.map((text) => reverseTask(text)) });

    expect(answer.status).toBe(202);
    const results = await Promise.all(answer.body.items.map(({ task_id }) => api.untilFinal(task_id)));
    expect(results.map(({ result }) => result)).toEqual([{ text: 'ba' }, { text: 'dc' }, { text: 'fe' }]);
  });

  it('takes a thousand tasks', async () => {
    const tag = newTag();
    const tasks = Array.from({ length: 1_000 }, () => plainTask({ tags: [tag], delay_seconds: 3600 }));
    const answer = await api.post<BatchAccepted>('/api/tasks/batch', { tasks });

    expect(answer.status).toBe(202);
    expect(new Set(answer.body.items.map(({ task_id }) => task_id)).size).toBe(1_000);
    expect(await api.listAll({ tag, page_size: 200 })).toHaveLength(1_000);
  });

  it('takes none of a batch if the envelope of one is wrong, and points to every mistake', async () => {
    const tag = newTag();
    const tasks = [
      plainTask({ tags: [tag] }),
      plainTask({ tags: [tag], title: 7 }),
      plainTask({ tags: [tag], priority: 'urgent' }),
    ];
    const answer = await api.post('/api/tasks/batch', { tasks });

    expectProblem(answer, 400, 'invalid_request', ['/tasks/1/title', '/tasks/2/priority']);
    expect((await api.list({ tag })).body.items).toEqual([]);
  });

  it('takes none of a batch if the payload of one does not fit its type', async () => {
    const tag = newTag();
    const answer = await api.post('/api/tasks/batch', {
      tasks: [reverseTask('x', { tags: [tag] }), reverseTask(7, { tags: [tag] })],
    });

    expectProblem(answer, 422, 'invalid_payload', ['/tasks/1/payload/text', '/tasks/1/payload/text']);
    expect((await api.list({ tag })).body.items).toEqual([]);
  });

  it('takes none of a batch if there is no such type', async () => {
    const tag = newTag();
    const answer = await api.post('/api/tasks/batch', { tasks: [reverseTask('x', { tags: [tag] }), { type: 'no.such' }] });

    expectProblem(answer, 400, 'unknown_type', ['/tasks/1/type']);
    expect((await api.list({ tag })).body.items).toEqual([]);
  });

  it.each([
    ['no tasks', { tasks: [] }, '/tasks'],
    ['more than a thousand', { tasks: Array.from({ length: 1_001 }, () => plainTask()) }, '/tasks'],
    ['something else than an array', { tasks: { length: 1 } }, '/tasks'],
    ['a task that is null', { tasks: [null] }, '/tasks/0'],
    ['a member that nobody knows', { tasks: [plainTask()], atomic: true }, '/atomic'],
  ])('refuses %s', async (_name, body, pointer) => {
    const answer = await api.post<{ errors: { pointer: string }[] }>('/api/tasks/batch', body);

    expectProblem(answer, 400, 'invalid_request');
    expect(new Set(answer.body.errors.map((error) => error.pointer))).toEqual(new Set([pointer]));
  });

  it('answers a repeated batch with the same key as the first time', async () => {
    const tag = newTag();
    const body = { tasks: [plainTask({ tags: [tag] }), plainTask({ tags: [tag] })] };
    const headers = { 'idempotency-key': randomUUID() };
    const first = await api.post('/api/tasks/batch', body, headers);
    const second = await api.post('/api/tasks/batch', body, headers);

    expect(second).toMatchObject({ status: 202, body: first.body });
    expect((await api.list({ tag })).body.items).toHaveLength(2);
  });
}

function newTag(): string {
  return `t-${randomBytes(6).toString('hex')}`;
}
