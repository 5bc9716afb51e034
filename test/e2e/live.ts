import { expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { plainTask, reverseTask, type Api } from '../support/api.js';
import type { LiveEvent } from '../support/event-stream.js';
import { eventually } from '../support/eventually.js';
import { UNKNOWN_ID, expectProblem } from '../support/matchers.js';

/** Talks over a WebSocket and keeps what comes back. */
async function openSocket(api: Api) {
  const url = `${api.door.replace('http', 'ws')}/api/ws`;
  const socket = new WebSocket(url);
  const events: LiveEvent[] = [];
  socket.on('message', (data) => events.push(JSON.parse((data as Buffer).toString()) as LiveEvent));
  await new Promise((resolve, reject) => {
    socket.on('open', resolve);
    socket.on('error', reject);
  });
  api.note({ method: 'GET', path: '/api/ws', status: 101, headers: {}, text: '', body: undefined, ms: 0 });
  return { socket, events, say: (message: unknown) => socket.send(JSON.stringify(message)) };
}

/** How a client is told of what happens while it happens. */
export function live(api: Api): void {
  it('tells the whole history of a task, and ends with it', async () => {
    const id = await api.submitted(plainTask());
    const stream = await api.open(`/api/tasks/${id}/events`);
    await stream.untilEnd();

    expect(stream.beginning.headers['content-type']).toBe('text/event-stream; charset=utf-8');
    expect(stream.retryMs).toBeGreaterThanOrEqual(1_000);
    expect(stream.statuses()).toEqual(['PENDING', 'PROCESSING', 'COMPLETED']);
    expect(stream.ids).toEqual(['0.0.0', '1.0.0', '1.2.0']);
    expect(stream.events[0]).toEqual({
      id: '0.0.0',
      event: 'status',
      task_id: id,
      at: (await api.find(id)).created_at,
      data: { status: 'PENDING', attempt: 0, error: null, run_at: null },
    });
  });

  it('tells progress while a task runs', async () => {
    const items = [{ name: 'a', num_1: 1, num_2: 2, operation: '+', result_rounding: 0 }];
    const id = await api.submitted({ type: 'calculation.run', payload: { items } });
    const stream = await api.open(`/api/tasks/${id}/events`);
    await stream.untilEnd();

    expect(stream.events.find(({ event }) => event === 'progress')).toMatchObject({
      id: null,
      task_id: id,
      data: { attempt: 1, progress: { current: 1, total: 1, message: null } },
    });
  });

  it('goes on after the event that was seen last, by header and by query', async () => {
    const id = await api.submitted(reverseTask('x'));
    await api.untilFinal(id);
    const byHeader = await api.open(`/api/tasks/${id}/events`, '1.0.0');
    const byQuery = await api.open(`/api/tasks/${id}/events?last_event_id=0.0.0`);
    await Promise.all([byHeader.untilEnd(), byQuery.untilEnd()]);

    expect(byHeader.ids).toEqual(['1.2.0']);
    expect(byQuery.ids).toEqual(['1.0.0', '1.2.0']);
  });

  it('answers 204 to whoever has seen all there will ever be, so that browsers do not come back', async () => {
    const id = await api.submitted(reverseTask('x'));
    await api.untilFinal(id);

    expect(await api.get(`/api/tasks/${id}/events`, { 'last-event-id': '1.2.0' })).toMatchObject({ status: 204, text: '' });
  });

  it.each(['7.0.0', 'nonsense', '1796000000000-3'])('begins anew with a reset for the id %s', async (lastId) => {
    const id = await api.submitted(reverseTask('x'));
    await api.untilFinal(id);
    const stream = await api.open(`/api/tasks/${id}/events`, lastId);
    await stream.untilEnd();

    expect(stream.events[0]).toMatchObject({ event: 'reset', task_id: id });
    expect(stream.statuses()).toEqual(['PENDING', 'PROCESSING', 'COMPLETED']);
  });

  it('tells of a cancellation', async () => {
    const id = await api.submitted(plainTask({ delay_seconds: 3600 }));
    const stream = await api.open(`/api/tasks/${id}/events`);
    await stream.until('it waits', ({ data }) => data.status === 'PENDING');
    await api.post(`/api/tasks/${id}/cancel`);
    await stream.untilEnd();

    expect(stream.ids).toEqual(['0.0.0', '0.3.0']);
    expect(stream.events.at(-1)!.data).toMatchObject({ status: 'CANCELLED', error: { kind: 'cancelled' } });
  });

  it('knows no events of a task that does not exist', async () => {
    expectProblem(await api.get(`/api/tasks/${UNKNOWN_ID}/events`), 404, 'task_not_found');
  });

  it('tells what happens to all tasks of a type', async () => {
    const stream = await api.open('/api/events?type=text.reverse');
    // Only from then on is everything heard.
    await eventually('a task is told of', async () => {
      const id = await api.submitted(reverseTask('x'));
      await api.untilFinal(id);
      return stream.events.some(({ task_id }) => task_id === id);
    });
    const [mine, other] = [await api.submitted(reverseTask('x')), await api.submitted(plainTask())];
    await api.untilFinal(other);
    await stream.until('the end of mine', ({ task_id, data }) => task_id === mine && data.status === 'COMPLETED');
    stream.cut();

    expect(stream.events.some(({ task_id }) => task_id === other)).toBe(false);
    const statuses = stream.events.filter(({ task_id }) => task_id === mine).map(({ data }) => data.status);
    expect(statuses).toEqual(['PENDING', 'PROCESSING', 'COMPLETED']);
    expect(stream.events.find(({ task_id }) => task_id === mine)!.data).toMatchObject({ type: 'text.reverse', attempt: 0 });
  });

  it('tells only of the statuses that are asked for', async () => {
    const stream = await api.open('/api/events?status=CANCELLED');
    await eventually('a cancellation is told of', async () => {
      const id = await api.submitted(plainTask({ delay_seconds: 3600 }));
      await api.post(`/api/tasks/${id}/cancel`);
      return stream.statuses().length > 0;
    });
    stream.cut();

    expect(new Set(stream.statuses())).toEqual(new Set(['CANCELLED']));
  });

  it('begins with a reset where an id is too old, or none', async () => {
    for (const lastId of ['1000-0', 'nonsense']) {
      const stream = await api.open('/api/events', lastId);
      await stream.until('a reset', ({ event }) => event === 'reset');
      stream.cut();
    }
  });

  it('refuses filters that do not exist', async () => {
    expectProblem(await api.get('/api/events?status=LOST'), 400, 'invalid_request', ['/query/status']);
    expectProblem(await api.get('/api/events?type=A%20B'), 400, 'invalid_request', ['/query/type']);
  });

  it('tells the same over a WebSocket', async () => {
    const { socket, events, say } = await openSocket(api);
    const id = await api.submitted(plainTask());
    say({ action: 'subscribe', task_id: id });
    const ended = () => events.some(({ data }) => data.status === 'COMPLETED');
    await eventually('the end of the task is told', ended);
    socket.close();

    expect(events.filter(({ event }) => event === 'status').map((event) => event.id)).toEqual(['0.0.0', '1.0.0', '1.2.0']);
    expect(events.every(({ task_id }) => task_id === id)).toBe(true);
  });

  it('answers what it does not understand over a WebSocket, and goes on', async () => {
    const { socket, events, say } = await openSocket(api);
    socket.send('{');
    say({ action: 'shout' });
    say({ action: 'subscribe', task_id: UNKNOWN_ID });
    const id = await api.submitted(reverseTask('x'));
    say({ action: 'subscribe', task_id: id });
    await eventually('the task is told of', () => events.some(({ task_id }) => task_id === id));
    socket.close();

    const refusals = events.filter(({ event }) => event === 'error').map(({ data }) => data.code);
    expect(refusals).toEqual(['invalid_request', 'invalid_request', 'task_not_found']);
  });

  it('closes a WebSocket on a message that is too long', async () => {
    const { socket } = await openSocket(api);
    const closed = new Promise<number>((resolve) => socket.on('close', resolve));
    socket.send('x'.repeat(5_000));

    expect(await closed).toBe(1009);
  });

  it('asks for a WebSocket where it speaks nothing else', async () => {
    expectProblem(await api.get('/api/ws'), 426, 'upgrade_required');
  });
}
