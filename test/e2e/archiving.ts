import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Accepted, Api } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { UNKNOWN_ID, expectProblem } from '../support/matchers.js';
import { ofAdmin } from './logging-in.js';

interface ArchiveView {
  archive_id: string;
  status: string;
  rows: { records: number; tasks: number; deliveries: number };
  files: { key: string; sha256: string }[];
}

/** Long enough ago that nothing of it is being written any more. */
const QUIET_MS = 10_000;

/** How a closed period goes into an archive and comes back. */
export function archiving(api: Api): void {
  const before = api.always;
  beforeAll(async () => {
    api.always = { ...before, ...(await ofAdmin(api)) };
  });
  afterAll(() => {
    api.always = before;
  });

  const period = () => {
    const to = new Date(Date.now() - QUIET_MS);
    return { from: new Date(to.getTime() - 3_600_000).toISOString(), to: to.toISOString() };
  };

  it('archives a period, shows it, and puts it back', async () => {
    const asked = period();
    const preview = await api.post<ArchiveView>('/api/archives', { ...asked, dry_run: true });
    expect(preview.status).toBe(200);
    expect(preview.body).toMatchObject({
      fiscal_year: null,
      period: asked,
      would_delete: { records: 0, tasks: 0, deliveries: 0 },
    });

    const { status, body } = await api.post<Accepted & { archive_id: string }>('/api/archives', asked);
    expect(status).toBe(202);
    expect(await api.untilFinal(body.task_id)).toMatchObject({
      status: 'COMPLETED',
      result: { archive_id: body.archive_id, deleted: 0 },
    });
    const path = `/api/archives/${body.archive_id}`;
    const archive = (await api.get<ArchiveView>(path)).body;
    expect(archive).toMatchObject({ status: 'COMPLETED', period: asked });
    expect(archive.rows.tasks).toBeGreaterThanOrEqual(preview.body.rows.tasks);
    const page = await api.get<{ items: ArchiveView[] }>('/api/archives?page_size=200');
    expect(page.body.items.map(({ archive_id }) => archive_id)).toContain(body.archive_id);

    const restore = await api.post<Accepted>(`${path}/restore`, { days: 2, tier: 'Bulk' });
    expect(restore.status).toBe(202);
    expect(await api.untilFinal(restore.body.task_id)).toMatchObject({ status: 'COMPLETED', result: { restored: 0 } });
    expect((await api.get<ArchiveView>(path)).body.status).toBe('RESTORED');

    const many = await api.post<{ action_id: string }>('/api/actions', { action: 'retry', task_ids: [body.task_id] });
    const action = await eventually('the action is over', async () => {
      const now = (await api.get<{ status: string; errors: object[] }>(`/api/actions/${many.body.action_id}`)).body;
      return now.status === 'DONE' && now;
    });
    expect(action.errors).toEqual([expect.objectContaining({ code: 'not_among_many' })]);
  });

  it('refuses periods that make no sense, and archives that there are none of', async () => {
    const { from, to } = period();

    expectProblem(await api.post('/api/archives', { from }), 422, 'invalid_payload', ['/to']);
    expectProblem(await api.post('/api/archives', { from: to, to: from }), 422, 'invalid_payload', ['/to']);
    expectProblem(await api.post('/api/archives', { from: '2026-02-30T00:00:00Z', to }), 422, 'invalid_payload', ['/from']);
    expectProblem(await api.post('/api/archives', { from: 'yesterday', to }), 400, 'invalid_request', ['/from']);
    expectProblem(await api.post('/api/archives', { fiscal_year: 2026, from, to }), 422, 'invalid_payload', ['/fiscal_year']);
    expectProblem(await api.post('/api/archives', { fiscal_year: 2998, dry_run: true }), 422, 'invalid_payload', ['']);
    expectProblem(await api.get(`/api/archives/${UNKNOWN_ID}`), 404, 'archive_not_found');
    expectProblem(await api.post(`/api/archives/${UNKNOWN_ID}/restore`), 404, 'archive_not_found');
  });
}
