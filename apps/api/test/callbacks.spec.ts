import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ALLOWED, PRIVATE_NAMES, REFUSED } from '../../../libs/egress/test/urls.js';
import { get, openDoor, post, type Door } from './door.js';

let door: Door;
beforeAll(async () => (door = await openDoor()));
afterAll(() => door.close());

const task = { type: 'text.reverse', payload: { text: 'abc' } };
const asCallback = (url: unknown) => post(door, '/api/tasks', { ...task, callback_url: url });
const asFetch = (url: unknown) =>
  post(door, '/api/tasks', { type: 'http.fetch', payload: { items: [{ name: 'a', url, method: 'GET' }] } });

describe('a callback_url', () => {
  it.each(REFUSED)('is refused: %j (%s)', async (url) => {
    const { status, body } = await asCallback(url);

    expect(status).toBe(typeof url === 'string' ? 422 : 400);
    expect(body.errors).toMatchObject([{ pointer: '/callback_url' }]);
  });

  it.each([...ALLOWED, ...PRIVATE_NAMES.filter(([url]) => !/localhost\/$/.test(String(url)))])(
    'is taken: %j (%s)',
    async (url) => {
      expect((await asCallback(url)).status).toBe(202);
    },
  );

  it('is refused in a batch, which is refused whole, with its place', async () => {
    const answer = await post(door, '/api/tasks/batch', { tasks: [task, { ...task, callback_url: 'http://10.0.0.1/' }] });

    expect(answer).toMatchObject({
      status: 422,
      body: { code: 'invalid_callback', errors: [{ pointer: '/tasks/1/callback_url' }] },
    });
  });

  it('is shown on the task with its format', async () => {
    const { body } = await asCallback('https://example.com/hook');
    const plain = await post(door, '/api/tasks', { ...task, callback_format: 'result' });

    expect((await get(door, `/api/tasks/${body.task_id}`)).body).toMatchObject({
      callback_url: 'https://example.com/hook',
      callback_format: 'event',
    });
    expect((await get(door, `/api/tasks/${plain.body.task_id}`)).body).toMatchObject({
      callback_url: null,
      callback_format: null,
    });
  });

  it('has a format that there is', async () => {
    const answer = await post(door, '/api/tasks', { ...task, callback_url: 'https://example.com/', callback_format: 'xml' });

    expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer: '/callback_format' }] } });
  });
});

describe('a url of http.fetch', () => {
  it.each(REFUSED)('is refused: %j (%s)', async (url) => {
    expect(await asFetch(url)).toMatchObject({ status: 422, body: { errors: [{ pointer: '/payload/items/0/url' }] } });
  });

  it.each(ALLOWED)('is taken: %j (%s)', async (url) => {
    expect((await asFetch(url)).status).toBe(202);
  });
});

describe('the delivery log', () => {
  it('is empty until the task has ended, then has its delivery', async () => {
    const { body } = await asCallback('https://example.com/hook');
    const path = `/api/tasks/${body.task_id}/callbacks`;
    expect((await get(door, path)).body).toEqual({ items: [] });
    expect((await post(door, `${path}/redeliver`, {})).status).toBe(409);
    await door.finish(body.task_id);

    expect((await get(door, path)).body).toMatchObject({
      items: [{ webhook_id: `msg_${body.task_id}`, state: 'waiting', url: 'https://example.com/hook', tries: [] }],
    });
  });

  it('begins a new delivery in the place of one that waits', async () => {
    const { body } = await asCallback('https://example.com/hook');
    await door.finish(body.task_id);
    const path = `/api/tasks/${body.task_id}/callbacks`;
    const redelivery = await post(door, `${path}/redeliver`, {});
    const { items } = (await get(door, path)).body;

    expect(redelivery).toMatchObject({ status: 202, body: { delivery_id: items[1].delivery_id } });
    expect(items.map(({ state }: { state: string }) => state)).toEqual(['called_off', 'waiting']);
  });

  it('knows no unknown task, and delivers nothing for a task without a callback', async () => {
    const { body } = await post(door, '/api/tasks', task);
    await door.finish(body.task_id);

    expect((await post(door, `/api/tasks/${body.task_id}/callbacks/redeliver`, {})).status).toBe(409);
    for (const id of ['1', body.delivery_id, '01a20037-8dec-73ce-8f71-2b92309417c2']) {
      expect((await get(door, `/api/tasks/${id}/callbacks`)).status).toBe(404);
    }
  });
});
