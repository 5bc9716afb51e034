import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { get, openDoor, post, type Door } from './door.js';

let door: Door;
beforeAll(async () => {
  door = await openDoor();
});
afterAll(() => door.close());

const calculation = { name: 'calc_0', num_1: 123, num_2: 0.75647, operation: '+', result_rounding: 2 };
const request = { name: 'todo', url: 'https://example.com/todo', method: 'GET' };
const newcomer = { name: 'Zoë', email: 'zoe@example.com' };

const BODIES: [string, object, string, object][] = [
  ['/api/calculations', { message: [calculation] }, 'calculation.run', { items: [calculation] }],
  ['/api/fetches', { message: [request] }, 'http.fetch', { items: [request] }],
  ['/api/onboardings', newcomer, 'onboarding.welcome', newcomer],
];

describe.each(BODIES)('POST %s', (path, body, type, payload) => {
  it('submits a task and says what its result will look like', async () => {
    const answer = await post(door, path, { ...body, callback_url: 'https://example.com/hook', callback_format: 'result' });
    const task = (await get(door, answer.headers.get('location')!)).body;

    expect(answer).toMatchObject({
      status: 202,
      body: {
        task_id: task.task_id,
        message: 'Processing of your request has started',
        async_job_response_structure: path === '/api/onboardings' ? { file: '' } : { results: [{}], errors: [{}] },
      },
    });
    expect(task).toMatchObject({ type, payload, callback_url: 'https://example.com/hook', callback_format: 'result' });
    expect(task.payload).toEqual(payload);
  });

  it('takes the same request once under one key', async () => {
    const submit = () => post(door, path, body, { 'idempotency-key': `key of ${path}` });

    expect((await submit()).body).toEqual((await submit()).body);
  });

  it.each([
    ['no object', [], 422, ''],
    ['nothing', '', 422, ''],
    ['an unknown member', { ...body, colour: 'red' }, 422, '/colour'],
    ['a callback of no kind', { ...body, callback_url: 7 }, 422, '/callback_url'],
    ['a callback to a private address', { ...body, callback_url: 'http://10.0.0.1/' }, 422, '/callback_url'],
    ['an unknown format', { ...body, callback_format: 'xml' }, 422, '/callback_format'],
  ])('refuses %s', async (_name, bad, status, pointer) => {
    const answer = await post(door, path, bad);

    expect(answer).toMatchObject({ status, body: { errors: [{ pointer }] } });
  });

  it('refuses what is no JSON', async () => {
    expect((await post(door, path, '{')).status).toBe(400);
  });
});

it.each([
  ['/api/calculations', {}, ['/message']],
  ['/api/calculations', { message: {} }, ['/message']],
  ['/api/calculations', { message: [] }, ['/message']],
  [
    '/api/calculations',
    { message: [calculation, { ...calculation, num_1: 'many', extra: 1 }] },
    ['/message/1/extra', '/message/1/num_1'],
  ],
  ['/api/calculations', { message: [7] }, ['/message/0']],
  ['/api/fetches', { message: [] }, ['/message']],
  ['/api/fetches', { message: [request, { ...request, url: 'http://127.0.0.1/' }] }, ['/message/1/url']],
  ['/api/fetches', { message: [request, { name: 'x' }] }, ['/message/1/method', '/message/1/url']],
  ['/api/onboardings', {}, ['/email', '/name']],
  ['/api/onboardings', { ...newcomer, locale: 'xx' }, ['/locale']],
])('names every place of a body of %s that does not fit: %#', async (path, body, pointers) => {
  const answer = await post(door, path, body);

  expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_payload' } });
  const found = answer.body.errors.map(({ pointer }: { pointer: string }) => pointer) as string[];
  expect([...new Set(found)].sort()).toEqual(pointers);
});
