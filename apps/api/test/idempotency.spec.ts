import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { get, openDoor, post, raw, type Door } from './door.js';

let door: Door;
beforeAll(async () => {
  door = await openDoor();
});
afterAll(() => door.close());

const plain = { title: 't', description: 'd' };
const submit = (key: string, json: unknown = plain) => post(door, '/api/tasks', json, { 'idempotency-key': key });

describe('Idempotency-Key', () => {
  it('gets the first answer again', async () => {
    const first = await submit('again');
    const second = await submit('again');

    expect(second).toMatchObject({ status: 202, body: first.body });
    expect(second.headers.get('location')).toBe(first.headers.get('location'));
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(second.headers.get('idempotency-replayed')).toBe('true');
  });

  it('makes one task of two requests at once', async () => {
    const tagged = { ...plain, tags: ['at-once'] };
    const answers = await Promise.all([submit('at-once', tagged), submit('at-once', tagged), submit('at-once', tagged)]);

    const refused = answers.filter(({ status }) => status !== 202);
    expect(refused.map(({ status, body, headers }) => [status, body.code, headers.get('retry-after')])).toEqual(
      refused.map(() => [409, 'idempotency_key_in_use', '1']),
    );
    expect((await get(door, '/api/tasks?tag=at-once')).body.items).toHaveLength(1);
  });

  it('is refused with another body', async () => {
    await submit('other-body');

    expect(await submit('other-body', { ...plain, title: 'other' })).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    });
  });

  it('is refused on another route', async () => {
    await submit('other-route');

    const answer = await post(door, '/api/tasks/batch', { tasks: [plain] }, { 'idempotency-key': 'other-route' });
    expect(answer).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
  });

  it('takes a reformatted body for the same', async () => {
    const first = await submit('reformatted', '{"title":"t","description":"d","payload":{"a":1,"b":[2]}}');
    const second = await submit('reformatted', '{ "payload": {"b":[2e0], "a":1.0}, "description":"\\u0064", "title":"t" }');

    expect(second.body).toEqual(first.body);
  });

  it('is not used up by a request that was refused', async () => {
    expect((await submit('after-400', { title: 1 })).status).toBe(400);
    expect((await submit('after-400', { type: 'text.reverse', payload: {} })).status).toBe(422);
    expect((await submit('after-400')).status).toBe(202);
  });

  it('is the same with quotes', async () => {
    const first = await submit('8e03978e-40d5-43e8-bc93-6894a57f9324');
    const second = await submit('"8e03978e-40d5-43e8-bc93-6894a57f9324"');

    expect(second.body).toEqual(first.body);
  });

  it('ends before the white space around it, but keeps that within its quotes', async () => {
    const bare = await submit('k');

    expect((await submit('k ')).body).toEqual(bare.body);
    expect((await submit('"k "')).body).not.toEqual(bare.body);
  });

  it('differs by case', async () => {
    expect((await submit('Case')).body).not.toEqual((await submit('case')).body);
  });

  it('covers a batch', async () => {
    const batch = () => post(door, '/api/tasks/batch', { tasks: [plain, plain] }, { 'idempotency-key': 'batch' });

    expect((await batch()).body).toEqual((await batch()).body);
  });

  it('may be 255 characters long', async () => {
    expect((await submit('x'.repeat(255))).status).toBe(202);
    expect((await submit('x'.repeat(256))).status).toBe(400);
  });

  it.each(['', '""', '"open', 'tab\tinside', 'caf\u00e9', '"bad \\escape"'])('is refused as %j', async (key) => {
    const body = JSON.stringify(plain);
    const answer = await raw(
      door,
      `POST /api/tasks HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nIdempotency-Key: ${key}\r\n\r\n${body}`,
    );

    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('/header/idempotency-key');
  });
});

describe('IDEMPOTENCY_KEY=required', () => {
  let strict: Door;
  beforeAll(async () => {
    strict = await openDoor({ idempotencyKey: 'required' });
  });
  afterAll(() => strict.close());

  it('refuses a submission without a key', async () => {
    expect(await post(strict, '/api/tasks', plain)).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/header/idempotency-key' }] },
    });
  });

  it('takes one with a key', async () => {
    expect((await post(strict, '/api/tasks', plain, { 'idempotency-key': 'k' })).status).toBe(202);
  });
});
