import { expect, it } from '@jest/globals';
import type { Accepted, Api, Page } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { UNKNOWN_ID, expectProblem } from '../support/matchers.js';

interface ScheduleView {
  schedule_id: string;
  status: string;
  next_at: string | null;
  last_task_id: string | null;
  version: number;
}

const nightly = { cron: '30 2 * * *', time_zone: 'Europe/Berlin', task: { type: 'text.reverse', payload: { text: 'night' } } };

/** How clients have tasks made by the clock. */
export function scheduling(api: Api): void {
  const create = async (given: object = {}) =>
    (await api.post<ScheduleView>('/api/schedules', { ...nightly, ...given })).body.schedule_id;
  const act = <B>(id: string, verb: string) => api.post<B>(`/api/schedules/${id}/${verb}`);
  const read = (id: string) => api.get<ScheduleView>(`/api/schedules/${id}`);
  const change = (id: string, body: object) => api.call<ScheduleView>({ method: 'PATCH', path: `/api/schedules/${id}`, body });
  const remove = (id: string) => api.call({ method: 'DELETE', path: `/api/schedules/${id}` });

  it('makes tasks, tick by tick', async () => {
    const id = await create({ cron: '* * * * * *', overlap: 'queue' });
    const items = await eventually(
      'three ticks have come',
      async () => {
        const { body } = await api.get<Page>(`/api/tasks?schedule=${id}`);
        return body.items.length >= 3 && body.items;
      },
      { within: 20_000, every: 200 },
    );
    await act(id, 'pause');

    expect(await api.untilFinal(items.at(-1)!.task_id)).toMatchObject({ schedule_id: id, result: { text: 'thgin' } });
    expect((await remove(id)).status).toBe(204);
    expect((await read(id)).status).toBe(404);
  });

  it('shows, changes, pauses, resumes and runs a schedule', async () => {
    const id = await create();

    expect((await read(id)).body).toMatchObject({ ...nightly, status: 'ACTIVE', version: 1 });
    expect((await change(id, { title: 'Night', version: 1 })).body).toMatchObject({ ...nightly, title: 'Night', version: 2 });
    expect((await act<ScheduleView>(id, 'pause')).body).toMatchObject({ status: 'PAUSED', next_at: null });
    expect((await act<ScheduleView>(id, 'resume')).body.next_at).toMatch(/T0[01]:30:00.000Z$/);
    const { status, body } = await act<Accepted>(id, 'run');
    expect(status).toBe(202);
    expect(await api.untilFinal(body.task_id)).toMatchObject({ schedule_id: id, status: 'COMPLETED' });
    const page = await api.get<{ items: ScheduleView[] }>('/api/schedules?page_size=200');
    expect(page.body.items.map(({ schedule_id }) => schedule_id)).toContain(id);
    await remove(id);
  });

  it('refuses what makes no sense', async () => {
    const given = { ...nightly, cron: 'often', time_zone: 'UTC' };

    expectProblem(await api.post('/api/schedules', given), 422, 'invalid_schedule', ['/cron']);
    expectProblem(await change(UNKNOWN_ID, {}), 404, 'schedule_not_found');
    const id = await create();
    expectProblem(await change(id, { version: 7 }), 409, 'version_clash');
    await remove(id);
  });
}
