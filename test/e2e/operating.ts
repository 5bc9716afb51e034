import { expect, it } from '@jest/globals';
import { plainTask, reverseTask, type Api } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { UNKNOWN_ID, expectProblem } from '../support/matchers.js';

interface Queue {
  type: string;
  ready: number;
  scheduled: number;
  oldest_ready_seconds: number | null;
  paused: boolean;
  paused_at: string | null;
}

interface Worker {
  worker_id: string;
  state: string;
  slots: number;
  types: string[];
}

/** What operators see and do. */
export function operating(api: Api): void {
  const queue = async (type: string) => {
    const { body } = await api.get<{ items: Queue[] }>('/api/queues');
    return body.items.find((one) => one.type === type)!;
  };
  const reasons = async (id: string) =>
    (await api.get<{ reasons: { code: string; text: string }[] }>(`/api/tasks/${id}/why`)).body.reasons;

  it('shows the workers and what they offer', async () => {
    const { body } = await api.get<{ items: Worker[] }>('/api/workers');
    const alive = body.items.filter(({ state }) => state === 'alive');

    expect(alive.length).toBeGreaterThan(0);
    expect(alive[0]!.types).toContain('text.reverse');
    expect(alive[0]!.slots).toBeGreaterThan(0);
  });

  it('answers 404 to the drain of a worker that nobody knows', async () => {
    expectProblem(await api.post('/api/workers/nobody:1:0/drain'), 404, 'worker_not_found');
  });

  it('holds the tasks of a paused type and hands them out when it is resumed', async () => {
    const paused = await api.post<Queue>('/api/queues/text.sentiment/pause');
    expect(paused.body).toMatchObject({ type: 'text.sentiment', paused: true, paused_at: expect.any(String) });
    expect((await api.post<Queue>('/api/queues/text.sentiment/pause')).body.paused_at).toBe(paused.body.paused_at);
    // Every worker has heard of it by then.
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const id = await api.submitted({ type: 'text.sentiment', payload: { text: 'good' } });
    const other = await api.submitted(reverseTask('x'));

    expect((await api.untilFinal(other)).status).toBe('COMPLETED');
    await eventually('the task waits', async () => (await queue('text.sentiment')).ready === 1);
    expect(await api.find(id)).toMatchObject({ status: 'PENDING', attempt: 0 });
    expect((await reasons(id)).map(({ code }) => code)).toContain('queue_paused');

    const resumed = await api.post<Queue>('/api/queues/text.sentiment/resume');
    expect(resumed.body).toMatchObject({ paused: false, paused_at: null });
    expect((await api.untilFinal(id)).status).toBe('COMPLETED');
  });

  it('knows no queue of a type that does not exist', async () => {
    expectProblem(await api.post('/api/queues/no.such/pause'), 404, 'queue_not_found');
    expectProblem(await api.post('/api/queues/no.such/resume'), 404, 'queue_not_found');
  });

  it('counts what is due later apart from what is ready', async () => {
    const before = await queue('plain');
    await api.submitted(plainTask({ delay_seconds: 3600 }));

    expect((await queue('plain')).scheduled).toBe(before.scheduled + 1);
  });

  it('counts tasks by status and type', async () => {
    const id = await api.submitted(reverseTask('x'));
    await api.untilFinal(id);
    const stats = await eventually('the figures are new', async () => {
      const { body } = await api.get<{
        by_status: Record<string, number>;
        by_type: { type: string; COMPLETED: number }[];
        failures: unknown[];
      }>('/api/stats/now');
      return body.by_status.COMPLETED! > 0 && body;
    });

    expect(stats.by_type.find(({ type }) => type === 'text.reverse')!.COMPLETED).toBeGreaterThan(0);
  });

  it('says in words why a task is not running', async () => {
    const later = await api.submitted(plainTask({ delay_seconds: 3600 }));
    const done = await api.submitted(reverseTask('x'));
    await api.untilFinal(done);

    expect(await reasons(later)).toEqual([{ code: 'due_later', text: expect.stringMatching(/^It is due at \d{4}-/) }]);
    expect(await reasons(done)).toEqual([{ code: 'ended', text: expect.stringContaining('COMPLETED') }]);
    expectProblem(await api.get(`/api/tasks/${UNKNOWN_ID}/why`), 404, 'task_not_found');
  });
}

/** The last thing to do: the worker takes no more tasks. */
export function draining(api: Api): void {
  it('lets a worker take no more tasks, and says so', async () => {
    const workers = async () => (await api.get<{ items: Worker[] }>('/api/workers')).body.items;
    const { worker_id } = (await workers()).find(({ state }) => state === 'alive')!;
    const { status, body } = await api.post<Worker>(`/api/workers/${encodeURIComponent(worker_id)}/drain`);

    expect({ status, state: body.state }).toEqual({ status: 200, state: 'draining' });
    expect((await workers()).find((worker) => worker.worker_id === worker_id)).toMatchObject({ state: 'draining' });
  });
}
