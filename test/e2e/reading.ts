import { expect, it } from '@jest/globals';
import { plainTask, reverseTask, type Api, type TaskView } from '../support/api.js';
import { UNKNOWN_ID, expectProblem } from '../support/matchers.js';

/** How a client follows one task. */
export function reading(api: Api): void {
  it('holds the answer to ?wait until the task is final', async () => {
    const id = await api.submitted(reverseTask('x', { delay_seconds: 1 }));
    const answer = await api.get<TaskView>(`/api/tasks/${id}?wait=20`);

    expect(answer.body.status).toBe('COMPLETED');
    expect(answer.ms).toBeLessThan(15_000);
  });

  it('answers ?wait with the task as it is when the time is up', async () => {
    const id = await api.submitted(plainTask({ delay_seconds: 3600 }));
    const answer = await api.get<TaskView>(`/api/tasks/${id}?wait=1`);

    expect(answer).toMatchObject({ status: 200, body: { status: 'PENDING' } });
    expect(answer.ms).toBeGreaterThan(900);
  });

  it('answers ?wait at once for a task that is final', async () => {
    const id = await api.submitted(reverseTask('x'));
    await api.untilFinal(id);

    expect((await api.get(`/api/tasks/${id}?wait=30`)).ms).toBeLessThan(5_000);
  });

  it.each(['-1', '31', 'abc', '1.5', ''])('refuses ?wait=%s', async (wait) => {
    const id = await api.submitted(plainTask({ delay_seconds: 3600 }));

    expectProblem(await api.get(`/api/tasks/${id}?wait=${wait}`), 400, 'invalid_request', ['/query/wait']);
  });

  it('answers 304 without a body to a client that has the task as it is', async () => {
    const id = await api.submitted(plainTask({ delay_seconds: 3600 }));
    const { etag } = (await api.get(`/api/tasks/${id}`)).headers;
    const again = await api.get(`/api/tasks/${id}`, { 'if-none-match': `"other", W/${etag}` });

    expect(again).toMatchObject({ status: 304, text: '', headers: { etag } });
  });

  it('answers 200 with a new tag once the task has changed', async () => {
    const id = await api.submitted(plainTask({ delay_seconds: 3600 }));
    const { etag } = (await api.get(`/api/tasks/${id}`)).headers;
    await api.post(`/api/tasks/${id}/cancel`);
    const changed = await api.get<TaskView>(`/api/tasks/${id}`, { 'if-none-match': etag! });

    expect(changed).toMatchObject({ status: 200, body: { status: 'CANCELLED' } });
    expect(changed.headers.etag).not.toBe(etag);
  });

  it('tells an unfinished poll apart from a finished one by the tag alone', async () => {
    const id = await api.submitted(reverseTask('x', { delay_seconds: 1 }));
    const { etag } = (await api.get(`/api/tasks/${id}`)).headers;
    const answer = await api.get<TaskView>(`/api/tasks/${id}?wait=20`, { 'if-none-match': etag! });

    expect(answer).toMatchObject({ status: 200, body: { status: 'COMPLETED' } });
  });

  it('shows the log of a task, and nothing where its handler said nothing', async () => {
    const id = await api.submitted(plainTask());
    await api.untilFinal(id);

    expect((await api.get(`/api/tasks/${id}/logs`)).body).toEqual({ items: [], next_page_token: null });
    expect(await api.find(id)).toMatchObject({ progress: null });
  });

  it('lists no past attempts of a task that completed at the first', async () => {
    const id = await api.submitted(reverseTask('x'));
    await api.untilFinal(id);

    expect((await api.get(`/api/tasks/${id}/attempts`)).body).toEqual({ items: [] });
  });

  it.each([
    ['an unknown id', UNKNOWN_ID],
    ['a number', '1'],
    ['a NUL', '%00'],
    ['an id with a NUL behind it', `${UNKNOWN_ID}%00`],
    ['a path that climbs', '..%2f..%2fetc%2fpasswd'],
    ['SQL', "'%20OR%20'1'='1"],
    ['4000 characters', 'a'.repeat(4_000)],
    ['characters beyond ASCII', '%F0%9F%A7%AA'],
  ])('answers 404 for %s', async (_name, id) => {
    for (const answer of [
      await api.get(`/api/tasks/${id}`),
      await api.get(`/api/tasks/${id}/attempts`),
      await api.get(`/api/tasks/${id}/logs`),
      await api.get(`/api/tasks/${id}/files`),
      await api.get(`/api/tasks/${id}/files/x`),
      await api.post(`/api/tasks/${id}/cancel`),
      await api.post(`/api/tasks/${id}/retry`),
    ]) {
      expectProblem(answer, 404, 'task_not_found');
    }
  });
}
