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

  const done = (id: string) =>
    eventually('the action is done', async () => {
      const { body } = await api.get<{ status: string; errors: object[] }>(`/api/actions/${id}`);
      return body.status === 'DONE' && body;
    });

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
    // A worker that has not heard of it yet may still take a task.
    const id = await eventually('a task waits while another one completes', async () => {
      const held = await api.submitted({ type: 'text.sentiment', payload: { text: 'good' } });
      expect((await api.untilFinal(await api.submitted(reverseTask('x')))).status).toBe('COMPLETED');
      return (await api.find(held)).status === 'PENDING' && held;
    });
    await eventually('its queue shows it', async () => (await queue('text.sentiment')).ready === 1);
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

  it.each([
    ['1h', 60, 60],
    ['24h', 96, 900],
    ['7d', 168, 3600],
  ])('has figures of the last %s', async (range, points, step) => {
    const { body } = await api.get<{ range: string; step_seconds: number; points: { at: string }[] }>(
      `/api/stats?range=${range}`,
    );

    expect(body).toMatchObject({ range, step_seconds: step, totals: { submitted: expect.any(Number) } });
    expect(body.points).toHaveLength(points);
    expect(Date.parse(body.points[1]!.at) - Date.parse(body.points[0]!.at)).toBe(step * 1000);
  });

  it('refuses ranges that do not exist', async () => {
    expectProblem(await api.get('/api/stats?range=1y'), 400, 'invalid_request', ['/query/range']);
  });

  it('counts, and cancels all tasks that match', async () => {
    const tag = `bulk-${Date.now()}`;
    const ids = [];
    for (let n = 0; n < 5; n++) ids.push(await api.submitted(plainTask({ delay_seconds: 3600, tags: [tag] })));
    const ask = { action: 'cancel', filter: { tag } };
    const counted = await api.post('/api/actions', { ...ask, dry_run: true });
    expect(counted).toMatchObject({ status: 200, body: { count: 5, exact: true } });
    expect((await api.find(ids[0]!)).status).toBe('PENDING');

    const begun = await api.post<{ action_id: string }>('/api/actions', ask);
    expect(begun).toMatchObject({ status: 202, body: { count: 5 } });
    expect(begun.headers.location).toBe(`/api/actions/${begun.body.action_id}`);
    expect(await done(begun.body.action_id)).toMatchObject({ action: 'cancel', total: 5, done: 5, failed: 0, errors: [] });
    for (const id of ids) expect((await api.find(id)).status).toBe('CANCELLED');
  });

  it('retries the tasks that are named, and says which it could not', async () => {
    const id = await api.submitted(reverseTask('x'));
    await api.untilFinal(id);
    const waiting = await api.submitted(plainTask({ delay_seconds: 3600 }));
    const task_ids = [id, waiting, UNKNOWN_ID];
    const { body } = await api.post<{ action_id: string }>('/api/actions', { action: 'retry', task_ids });
    const action = await done(body.action_id);

    expect(action).toMatchObject({ total: 3, done: 1, failed: 2 });
    expect(action.errors).toEqual(
      expect.arrayContaining([
        { task_id: waiting, code: 'wrong_status', message: expect.any(String) },
        { task_id: UNKNOWN_ID, code: 'task_not_found', message: expect.any(String) },
      ]),
    );
    const { body: page } = await api.list({ type: 'text.reverse' });
    expect(page.items.filter(({ retry_of }) => retry_of === id)).toHaveLength(1);
  });

  it.each<[string, object, string[]]>([
    ['an unknown action', { action: 'delete', filter: {} }, ['/action']],
    ['neither tasks nor a filter', { action: 'retry' }, ['']],
    ['both', { action: 'retry', filter: {}, task_ids: [UNKNOWN_ID] }, ['']],
    ['what is no id', { action: 'retry', task_ids: ['1'] }, ['/task_ids']],
    ['a filter that does not exist', { action: 'retry', filter: { colour: 'red' } }, ['/filter/colour']],
  ])('refuses %s', async (_name, body, pointers) => {
    expectProblem(await api.post('/api/actions', body), 400, 'invalid_request', pointers);
  });

  it('knows no action that was never asked for', async () => {
    expectProblem(await api.get(`/api/actions/${UNKNOWN_ID}`), 404, 'action_not_found');
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
