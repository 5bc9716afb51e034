import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { plainTask, reverseTask, type Accepted, type Api, type TaskView } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { expectProblem } from '../support/matchers.js';

/** How clients call tasks off and repeat them. */
export function acting(api: Api): void {
  const cancel = (id: string) => api.post<TaskView>(`/api/tasks/${id}/cancel`);
  const retry = (id: string, headers?: Record<string, string>) =>
    api.post<Accepted>(`/api/tasks/${id}/retry`, undefined, headers);

  it('cancels a task that waits', async () => {
    const id = await api.submitted(plainTask({ delay_seconds: 3600 }));
    const answer = await cancel(id);

    expect(answer).toMatchObject({
      status: 200,
      body: { task_id: id, status: 'CANCELLED', error: { kind: 'cancelled', attempt: 0 }, started_at: null },
    });
    expect(answer.body.completed_at).not.toBeNull();
  });

  it('answers a second cancel as the first', async () => {
    const id = await api.submitted(plainTask({ delay_seconds: 3600 }));
    const first = await cancel(id);

    expect(await cancel(id)).toMatchObject({ status: 200, body: first.body });
  });

  it('never runs a task that was cancelled before it was due', async () => {
    const id = await api.submitted(reverseTask('x', { delay_seconds: 1 }));
    await cancel(id);
    const due = Date.parse((await api.find(id)).run_at);
    await eventually('its time is over', () => Date.now() > due + 1_000, { within: 10_000 });

    expect(await api.find(id)).toMatchObject({ status: 'CANCELLED', attempt: 0 });
  });

  it('lets either the cancel or the completion win, for good', async () => {
    const id = await api.submitted(plainTask());
    await eventually('it is no longer waiting', async () => (await api.find(id)).status !== 'PENDING', {
      within: 10_000,
      every: 5,
    });
    const answer = await cancel(id);
    const outcome = await api.find(id);

    if (answer.status === 200) {
      expect(outcome).toMatchObject({ status: 'CANCELLED', attempt: 1, error: { kind: 'cancelled', attempt: 1 } });
    } else {
      expectProblem(answer, 409, 'wrong_status');
      expect(outcome.status).toBe('COMPLETED');
    }
    await eventually('a plain task would be over', () => Date.now() > Date.parse(outcome.started_at!) + 2_500, { within: 5_000 });
    expect(await api.find(id)).toEqual(outcome);
  });

  it('refuses to cancel a task that has completed, and leaves it as it is', async () => {
    const id = await api.submitted(reverseTask('x'));
    const before = await api.untilFinal(id);

    expectProblem(await cancel(id), 409, 'wrong_status');
    expect(await api.find(id)).toEqual(before);
  });

  it('retries a completed task as a new one that names the old', async () => {
    const first = await api.untilFinal(
      await api.submitted(reverseTask('abc', { tags: ['again'], metadata: { n: 1 }, priority: 'high' })),
    );
    const answer = await retry(first.task_id);

    expect(answer.status).toBe(202);
    expect(answer.headers.location).toBe(`/api/tasks/${answer.body.task_id}`);
    const second = await api.untilFinal(answer.body.task_id);
    expect(second).toMatchObject({
      type: 'text.reverse',
      title: first.title,
      payload: first.payload,
      metadata: first.metadata,
      tags: first.tags,
      priority: 'high',
      retry_of: first.task_id,
      status: 'COMPLETED',
      attempt: 1,
    });
    expect(second.task_id).not.toBe(first.task_id);
  });

  it('leaves a retried task as it ended', async () => {
    const id = await api.submitted(plainTask({ delay_seconds: 3600 }));
    await cancel(id);
    const before = await api.find(id);
    await retry(id);

    expect(await api.find(id)).toEqual(before);
  });

  it('refuses to retry a task that has not ended', async () => {
    const id = await api.submitted(plainTask({ delay_seconds: 3600 }));

    expectProblem(await retry(id), 409, 'wrong_status');
  });

  it('retries once for one key', async () => {
    const id = await api.submitted(plainTask({ delay_seconds: 3600 }));
    await cancel(id);
    const headers = { 'idempotency-key': randomUUID() };
    const first = await retry(id, headers);

    expect((await retry(id, headers)).body.task_id).toBe(first.body.task_id);
  });

  it('waits for a retried task if the client prefers', async () => {
    const { task_id } = await api.untilFinal(await api.submitted(reverseTask('abc')));
    const answer = await api.post<TaskView>(`/api/tasks/${task_id}/retry`, undefined, { prefer: 'wait=10' });

    expect(answer).toMatchObject({ status: 200, body: { status: 'COMPLETED', retry_of: task_id } });
  });
}
