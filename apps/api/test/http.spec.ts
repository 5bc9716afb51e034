import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { get, openDoor, post, raw, send, type Door } from './door.js';

let door: Door;
beforeAll(async () => {
  door = await openDoor({ requestTimeoutSeconds: 1 });
});
afterAll(() => door.close());

const json = '{"title":"t","description":"d"}';
const withType = (type: string) =>
  send(door, 'POST', '/api/tasks', { body: new TextEncoder().encode(json), headers: { 'content-type': type } });

describe('a request', () => {
  it.each([
    'application/json; charset=utf-7',
    'application/json;charset="utf-16"',
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/jsonx',
    'application/json-patch+json',
    'multipart/form-data',
    'nonsense',
  ])('is refused with Content-Type %s', async (type) => {
    expect(await withType(type)).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } });
  });

  it.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON;charset="UTF-8"'])(
    'is taken with Content-Type %s',
    async (type) => {
      expect((await withType(type)).status).toBe(202);
    },
  );

  it('is refused without a Content-Type', async () => {
    const answer = await raw(
      door,
      `POST /api/tasks HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${json.length}\r\n\r\n${json}`,
    );

    expect(answer).toMatch(/^HTTP\/1\.1 415 /);
  });

  it.each(['gzip', 'zz', 'gzip, identity'])('is refused with Content-Encoding %s', async (encoding) => {
    const answer = await post(door, '/api/tasks', json, { 'content-encoding': encoding });

    expect(answer.status).toBe(415);
    expect(answer.headers.get('accept-encoding')).toBe('identity');
  });

  it('is refused for an unknown path', async () => {
    expect(await get(door, '/api/nothing')).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  it.each([
    ['DELETE', '/api/tasks', 'GET, HEAD, POST'],
    ['OPTIONS', '/api/tasks/123', 'GET, HEAD'],
    ['PUT', '/livez', 'GET, HEAD'],
  ])('is refused as %s %s, with the methods that work', async (method, path, allow) => {
    const answer = await send(door, method, path, { headers: { origin: 'null', 'access-control-request-method': 'POST' } });

    expect(answer).toMatchObject({ status: 405, body: { code: 'method_not_allowed' } });
    expect(answer.headers.get('allow')).toBe(allow);
    expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it.each([
    [
      'with a chunk of overflowing size',
      'POST /api/tasks HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n',
      400,
    ],
    [
      'with a chunk of no size',
      'POST /api/tasks HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n',
      400,
    ],
    ['with a negative length', 'POST /api/tasks HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n', 400],
    ['with two lengths', 'POST /api/tasks HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}', 400],
    [
      'with a length and chunks',
      'POST /api/tasks HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['that is not HTTP', 'hello\r\n\r\n', 400],
    ['with NUL in a header', 'GET / HTTP/1.1\r\nHost: x\r\nA: b\0c\r\n\r\n', 400],
    ['with a header of 100 KB', `GET / HTTP/1.1\r\nHost: x\r\nA: ${'x'.repeat(100_000)}\r\n\r\n`, 431],
    [
      'that is not finished in time',
      'POST /api/tasks HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
      408,
    ],
    ['whose headers are not finished in time', 'GET /livez HTTP/1.1\r\nHost: x\r\n', 408],
  ])('%s gets a problem and the end of the connection', async (_name, bytes, status) => {
    const answer = await raw(door, bytes);

    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).toMatch(/\r\nConnection: close\r\n/i);
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4))).toMatchObject({ status, type: 'about:blank' });
  });

  it('that breaks off leaves nothing behind', async () => {
    const before = (await get(door, '/api/tasks')).body;
    const { connect } = await import('node:net');
    const socket = connect(door.port, '127.0.0.1', () => {
      socket.end('POST /api/tasks HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"title":');
    });
    await new Promise((resolve) => socket.resume().on('close', resolve));

    expect((await get(door, '/api/tasks')).body).toEqual(before);
  });

  it('with 100 X-Forwarded-For changes nothing', async () => {
    expect((await get(door, '/livez', { 'x-forwarded-for': Array(100).fill('1.2.3.4').join(', ') })).status).toBe(200);
  });
});

describe('every answer', () => {
  it.each(['/livez', '/api/tasks', '/api/tasks/1', '/nothing', '/api/tasks/%zz', '/docs'])(
    'of %s carries a request id and no name of what made it',
    async (path) => {
      const { headers } = await get(door, path);

      expect(headers.get('x-request-id')).toMatch(/^[\w-]+$/);
      expect(headers.get('server') ?? headers.get('x-powered-by')).toBeNull();
    },
  );

  it('of the API is neither stored nor guessed at', async () => {
    const { headers } = await get(door, '/api/tasks');

    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it("carries the client's own request id", async () => {
    const answer = await get(door, '/api/tasks/1', { 'x-request-id': 'my-1.2:3' });

    expect(answer.headers.get('x-request-id')).toBe('my-1.2:3');
    expect(answer.body.request_id).toBe('my-1.2:3');
  });

  it.each(['a b', 'x'.repeat(129), '<script>'])('does not carry the request id %s', async (id) => {
    expect((await get(door, '/livez', { 'x-request-id': id })).headers.get('x-request-id')).not.toBe(id);
  });

  it('says nothing of an unexpected error', async () => {
    const find = door.store.find.bind(door.store);
    door.store.find = () => Promise.reject(new Error('password=hunter2'));
    const answer = await get(door, '/api/tasks/01a20037-0244-74e5-9509-c9d112a00245');
    door.store.find = find;

    expect(answer).toMatchObject({ status: 500, body: { code: 'internal_error', detail: 'Something went wrong on our side.' } });
    expect(JSON.stringify(answer.body)).not.toMatch(/hunter2|at .*:\d+/);
  });
});
