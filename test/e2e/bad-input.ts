import { connect, type Socket } from 'node:net';
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { plainTask, reverseTask, type Api, type Problem } from '../support/api.js';
import { sendRaw, type Headers } from '../support/http.js';
import { expectProblem } from '../support/matchers.js';
import type { Scope } from '../support/scope.js';
import { BAD_BODIES, BODY_LIMIT, paddedTo } from './bad-bodies.js';

const JSON_TYPE = { 'content-type': 'application/json' };

/** What clients that are broken or mean get: a clear refusal, and nothing else happens. */
export function badInput(api: Api, slowBody: () => Promise<number>): void {
  describe('a body', () => {
    it.each(BAD_BODIES)('with $name is refused', async ({ body, status, pointer }) => {
      const answer = await api.post<Problem>('/api/tasks', body, JSON_TYPE);

      expect([status].flat()).toContain(answer.status);
      expectProblem(answer, answer.status);
      if (pointer) expect(answer.body.errors?.map((error) => error.pointer)).toContain(pointer);
    });

    it('of exactly the largest size is taken', async () => {
      const answer = await api.post<{ task_id: string }>('/api/tasks', paddedTo(BODY_LIMIT), JSON_TYPE);

      expect(answer.status).toBe(202);
      expect(((await api.find(answer.body.task_id)).payload as string).length).toBeGreaterThan(BODY_LIMIT - 200);
    });

    it('with a type that a careless pattern would chew on for minutes is refused at once', async () => {
      const answer = await api.submit({ type: `${'a'.repeat(50_000)}!` });

      expect(answer).toMatchObject({ status: 400 });
      expect(answer.ms).toBeLessThan(1_000);
    });
  });

  describe('a request', () => {
    const body = JSON.stringify(reverseTask('x'));
    const post = (headers: Headers) => api.post('/api/tasks', Buffer.from(body), headers);

    it.each<[string, Headers, number]>([
      ['without a Content-Type', {}, 415],
      ['with text', { 'content-type': 'text/plain' }, 415],
      ['with a form', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
      ['with parts', { 'content-type': 'multipart/form-data; boundary=x' }, 415],
      ['with a Content-Type that is none', { 'content-type': 'json' }, 415],
      ['in UTF-7', { 'content-type': 'application/json; charset=utf-7' }, 415],
      ['in UTF-16', { 'content-type': 'application/json; charset=utf-16le' }, 415],
      ['in an unknown encoding', { ...JSON_TYPE, 'content-encoding': 'zz' }, 415],
      ['that is compressed', { ...JSON_TYPE, 'content-encoding': 'gzip' }, 415],
      ['in UTF-8, said in capitals and quotes', { 'content-type': 'application/json; charset="UTF-8"' }, 202],
      ['that says it is not encoded', { ...JSON_TYPE, 'content-encoding': 'identity' }, 202],
    ])('%s gets what it deserves', async (_name, headers, status) => {
      const answer = await post(headers);

      if (status === 202) expect(answer.status).toBe(202);
      else expectProblem(answer, status);
    });

    it.each([
      ['with a header of 100 KB', `GET /livez HTTP/1.1\r\nHost: x\r\nX-Big: ${'x'.repeat(100_000)}\r\n\r\n`, 431],
      ['with 2,000 headers', `GET /livez HTTP/1.1\r\nHost: x\r\n${'X-A: b\r\n'.repeat(6_000)}\r\n`, 431],
      ['with a chunk of 2^64 bytes', chunked('FFFFFFFFFFFFFFFFF\r\n{}\r\n'), 400],
      ['with a chunk of an odd size', chunked('zz\r\n{}\r\n'), 400],
      ['with a length that is no number', raw('Content-Length: abc\r\n', '{}'), 400],
      ['with a negative length', raw('Content-Length: -1\r\n', '{}'), 400],
      ['with two lengths', raw('Content-Length: 2\r\nContent-Length: 3\r\n', '{}'), 400],
      ['with a length and chunks', raw('Content-Length: 2\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'), 400],
      ['with a line end in a header', 'GET /livez HTTP/1.1\r\nHost: x\r\nX: a\u0000b\r\n\r\n', 400],
      ['with no Host', 'GET /livez HTTP/1.1\r\n\r\n', 400],
      ['that is no HTTP', 'HELO taskwell\r\n\r\n', 400],
      ['that is TLS', Buffer.from('16030100c8010000c40303', 'hex'), 400],
    ])('%s is refused', async (_name, bytes, status) => {
      expect(await sendRaw(api.door, bytes, 10_000)).toBe(status);
    });

    it('for a path that cannot be decoded is refused', async () => {
      const answer = await api.get('/api/tasks/%zz');

      expect([400, 404]).toContain(answer.status);
      expectProblem(answer, answer.status);
    });

    it('is treated the same whatever X-Forwarded-For says', async () => {
      const answers = await Promise.all(
        Array.from({ length: 100 }, (_, n) =>
          api.get(`/api/types`, {
            'x-forwarded-for': n % 2 ? '1.2.3.4' : `${'9, '.repeat(n)}::1`,
            'x-forwarded-host': 'evil.test',
          }),
        ),
      );

      expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    });

    it.each(['null', 'https://evil.test'])('from the origin %s gets no leave to read the answer', async (origin) => {
      const preflight = await api.call({
        method: 'OPTIONS',
        path: '/api/tasks',
        headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
      });
      const plain = await api.get('/api/tasks?page_size=1', { origin });

      for (const { headers } of [preflight, plain]) {
        expect(headers['access-control-allow-origin']).toBeUndefined();
        expect(headers['access-control-allow-credentials']).toBeUndefined();
      }
    });

    it('that its client leaves half-way leaves no task', async () => {
      const tag = `gone-${randomUUID()}`;
      const text = JSON.stringify(plainTask({ tags: [tag] }));
      const socket = await open(api.door);
      socket.write(raw(`Content-Length: ${text.length}\r\n`, text.slice(0, -5)));
      await new Promise<void>((resolve) => socket.destroy().once('close', () => resolve()));

      expect((await api.get('/livez')).status).toBe(200);
      expect((await api.list({ tag })).body.items).toEqual([]);
    });
  });

  it('a body that comes one byte every five seconds gets 408 within the time for a request', async () => {
    expect(await slowBody()).toBe(408);
  }, 40_000);
}

/** Begins a request whose body comes one byte every five seconds; answers the status it gets, however long that takes. */
export async function sendSlowBody(api: Api, scope: Scope): Promise<() => Promise<number>> {
  const socket = await open(api.door);
  const drip = setInterval(() => socket.write(' '), 5_000);
  scope.onEnd(() => {
    clearInterval(drip);
    socket.destroy();
  });
  const status = new Promise<number>((resolve, reject) => {
    socket.on('data', (chunk: Buffer) => resolve(Number(/^HTTP\/1\.1 (\d+)/.exec(chunk.toString())?.[1])));
    socket.on('close', () => reject(new Error('The connection was closed without an answer.')));
  });
  status.catch(() => {});
  socket.on('error', () => {});
  socket.write(raw('Content-Length: 100\r\n', '{'));
  return () => status;
}

function raw(headers: string, body: string): string {
  return `POST /api/tasks HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${headers}\r\n${body}`;
}

function chunked(body: string): string {
  return raw('Transfer-Encoding: chunked\r\n', body);
}

function open(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => resolve(socket));
    socket.once('error', reject);
  });
}
