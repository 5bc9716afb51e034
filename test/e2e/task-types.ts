import { expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import * as formats from 'ajv-formats';
import type { Accepted, Api, Problem, TaskView } from '../support/api.js';
import { expectProblem } from '../support/matchers.js';

const ajv = new Ajv2020({ strict: false });
// eslint-disable-next-line @typescript-eslint/no-explicit-any
((formats.default as any).default ?? formats.default)(ajv);

const calculation = { name: 'calc_0', num_1: 123, num_2: 0.75647, operation: '+', result_rounding: 2 };
const onboarding = { name: 'Zoë Nguyễn', email: 'zoe@example.com', company: 'Acme' };

/** What the types do that come with Taskwell. */
export function taskTypes(api: Api): void {
  async function done(type: string, payload: object): Promise<TaskView> {
    const task = await api.untilFinal(await api.submitted({ type, payload }));
    const { result_schema } = (await api.get<{ result_schema: object }>(`/api/types/${type}`)).body;
    expect(task).toMatchObject({ status: 'COMPLETED', error: null });
    expect(ajv.compile(result_schema)(task.result)).toBe(true);
    return task;
  }

  it('calculates exactly, and one bad item does not fail the others', async () => {
    const items = [
      calculation,
      { name: 'calc_1', num_1: 785687256, num_2: 0.75647, operation: '-', result_rounding: 4 },
      { ...calculation, name: 'calc_7', operation: '/', num_2: 0 },
    ];

    expect((await done('calculation.run', { items })).result).toEqual({
      results: [{ calc_0: 123.76 }, { calc_1: 785687255.2435 }],
      errors: [{ calc_7: 'division by zero' }],
    });
  });

  it('calculates 1,000 items and says how far it is', async () => {
    const items = Array.from({ length: 1_000 }, (_, n) => ({ ...calculation, name: `calc_${n}`, num_1: n }));
    const { result, progress } = await done('calculation.run', { items });

    expect((result as { results: unknown[] }).results[999]).toEqual({ calc_999: 999.76 });
    expect(progress).toEqual({ current: 1_000, total: 1_000, message: null });
  });

  it('tells how a text sounds', async () => {
    expect((await done('text.sentiment', { text: 'I love it!' })).result).toMatchObject({ label: 'positive' });
    expect((await done('text.sentiment', { text: 'Not good.' })).result).toMatchObject({ label: 'negative' });
  });

  it('makes a welcome letter that can be fetched', async () => {
    const { task_id, result } = await done('onboarding.welcome', onboarding);
    const { items } = (await api.get<{ items: { name: string; size: number; url: string }[] }>(`/api/tasks/${task_id}/files`))
      .body;
    const file = await api.get(items[0]!.url);

    expect(items).toMatchObject([{ name: 'welcome.pdf', media_type: 'application/pdf', url: (result as { url: string }).url }]);
    expect(file.headers).toMatchObject({
      'content-type': 'application/pdf',
      'content-length': String(items[0]!.size),
      'content-disposition': expect.stringMatching(/^attachment; /),
    });
    expect(file.text).toMatch(/^%PDF-1\.\d/);
    expect((await api.get(items[0]!.url, { 'if-none-match': file.headers['etag']! })).status).toBe(304);
    expectProblem(await api.get(`/api/tasks/${task_id}/files/other.pdf`), 404, 'file_not_found');
  });

  it('starts calculations, fetches and welcomes without an envelope', async () => {
    const calculated = await api.post<Accepted>('/api/calculations', { message: [calculation] });
    const fetched = await api.post<Accepted>('/api/fetches', { message: [] });
    const welcomed = await api.post<Accepted>('/api/onboardings', onboarding);

    expect(calculated).toMatchObject({
      status: 202,
      headers: { location: `/api/tasks/${calculated.body.task_id}` },
      body: {
        message: 'Processing of your request has started',
        async_job_response_structure: { results: [{}], errors: [{}] },
      },
    });
    expect((await api.untilFinal(calculated.body.task_id)).result).toEqual({ results: [{ calc_0: 123.76 }], errors: [] });
    expectProblem(fetched, 422, 'invalid_payload');
    expect((await api.untilFinal(welcomed.body.task_id)).status).toBe('COMPLETED');
  });

  it('starts fetches, of which each answers for itself', async () => {
    const { task_id } = (
      await api.post<Accepted>('/api/fetches', { message: [{ name: 'nowhere', url: 'https://nowhere.invalid/', method: 'GET' }] })
    ).body;

    expect((await api.untilFinal(task_id)).result).toEqual({ results: [], errors: [{ nowhere: expect.stringMatching(/./) }] });
  });

  it.each([
    ['calculation.run', {}, ['/payload/items']],
    ['calculation.run', { items: [] }, ['/payload/items']],
    ['calculation.run', { items: 'calc' }, ['/payload/items']],
    ['calculation.run', { items: [calculation, 7] }, ['/payload/items/1']],
    [
      'calculation.run',
      { items: [calculation, calculation, calculation, { ...calculation, num_1: '1e999999999', operation: '%' }] },
      ['/payload/items/3/num_1', '/payload/items/3/operation'],
    ],
    ['text.sentiment', { text: ['I love it!'] }, ['/payload/text']],
    ['text.sentiment', { text: 'x'.repeat(100_001) }, ['/payload/text']],
    ['onboarding.welcome', { name: 'Zoë' }, ['/payload/email']],
    ['onboarding.welcome', { ...onboarding, email: 'zoe', locale: 'xx' }, ['/payload/email', '/payload/locale']],
    ['onboarding.welcome', { ...onboarding, name: 'Zoë\r\nBcc: all@example.com' }, ['/payload/name']],
  ])('refuses a payload of %s that does not fit, and says where: %#', async (type, payload, pointers) => {
    const answer = await api.submit<Problem>({ type, payload });

    expectProblem(answer, 422, 'invalid_payload');
    expect([...new Set(answer.body.errors!.map(({ pointer }) => pointer))].sort()).toEqual(pointers);
  });
}
