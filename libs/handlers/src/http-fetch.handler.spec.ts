import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Settings } from '@app/config';
import { Egress, EgressPolicy } from '@app/egress';
import { type InvalidPayload, handlerOptions, newTask } from '@app/tasks';
import { taskContext } from '../../../test/support/task-context.js';
import type { FetchItem } from './fetch-item.js';
import { HttpFetchHandler } from './http-fetch.handler.js';

type Asked = Pick<IncomingMessage, 'method' | 'headers'> & { body: string };

/** Answers by path: `/json/X` with X, `/status/N`, `/flaky/N` with 503 until the N-th time, `/big/N`, `/text`, `/html`, `/deep`. */
class TestServer {
  readonly asked: Record<string, Asked[]> = {};
  underWay = 0;
  mostUnderWay = 0;
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => {
      this.mostUnderWay = Math.max(this.mostUnderWay, ++this.underWay);
      let body = '';
      request.on('data', (chunk) => (body += chunk));
      request.on('end', () => {
        const path = request.url!.split('?')[0]!;
        const times = (this.asked[path] ??= []).push({ method: request.method, headers: request.headers, body });
        const [, what, value = ''] = path.split('/');
        const answer = (status: number, text: string, type = 'application/json') =>
          setTimeout(() => {
            this.underWay--;
            response.writeHead(status, { 'content-type': type, 'retry-after': what === 'flaky' ? '0' : 'soon' }).end(text);
          }, 5);
        if (what === 'hang') return;
        if (what === 'json') answer(200, decodeURIComponent(value));
        else if (what === 'flaky') answer(times < Number(value) ? 503 : 200, '"ok"');
        else if (what === 'status') answer(Number(value), '{}');
        else if (what === 'big') answer(200, JSON.stringify('x'.repeat(Number(value))));
        else if (what === 'deep') answer(200, '['.repeat(200_000) + ']'.repeat(200_000));
        else answer(200, 'hello', `text/${what}`);
      });
    });
  }

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

const server = new TestServer();
let base: string;
beforeAll(async () => (base = await server.open()));
afterAll(() => server.close());

function handlerFor(allow: string, changes: Partial<Settings> = {}) {
  return new HttpFetchHandler(new Egress(new EgressPolicy(allow)), Object.assign(new Settings(), changes));
}

function item(path: string, more: Partial<FetchItem> = {}): FetchItem {
  return { name: path, url: path.startsWith('/') ? base + path : path, method: 'GET', ...more };
}

const fetchAll = (items: FetchItem[], changes?: Partial<Settings>, signal = new AbortController().signal) =>
  handlerFor('127.0.0.1', changes).run({ items }, taskContext({ taskId: 'task', signal }));

describe('http.fetch', () => {
  it('puts JSON answers into results and the rest into errors, by item', async () => {
    const fetched = await fetchAll([
      item('/json/{"a":[1]}'),
      item('/status/404'),
      item('/html'),
      item('/json/null'),
      item('/plain'),
    ]);

    expect(fetched).toEqual({
      results: [{ '/json/{"a":[1]}': { a: [1] } }, { '/json/null': null }],
      errors: [
        { '/status/404': 'The answer is HTTP 404.' },
        { '/html': 'The answer is not JSON, but text/html.' },
        { '/plain': 'The answer is not JSON, but text/plain.' },
      ],
    });
  });

  it('fetches 200 items side by side, but not all at once', async () => {
    const items = Array.from({ length: 200 }, (_, index) => item(`/json/1${index}`));
    const { results, errors } = await fetchAll(items);

    expect(errors).toEqual([]);
    expect(results).toEqual(items.map(({ name }, index) => ({ [name]: Number(`1${index}`) })));
    expect(server.mostUnderWay).toBeGreaterThan(4);
    expect(server.mostUnderWay).toBeLessThanOrEqual(16);
  });

  it('sends the same Idempotency-Key with a POST whenever the task runs, another with each item, and none with a GET', async () => {
    const items = [item('/json/1', { method: 'POST' }), item('/json/2', { method: 'POST' }), item('/json/3')];
    await fetchAll(items);
    await fetchAll(items);
    const keysOf = (path: string) => server.asked[path]!.map(({ headers }) => headers['idempotency-key']).slice(-2);

    expect([keysOf('/json/1'), keysOf('/json/2'), keysOf('/json/3')]).toEqual([
      ['task-0', 'task-0'],
      ['task-1', 'task-1'],
      [undefined, undefined],
    ]);
  });

  it('sends a text as it is, every other body as JSON, and the headers of the item', async () => {
    await fetchAll([
      item('/json/1001', { name: 'a', method: 'POST', body: { a: 1 }, headers: { 'X-Mine': 'yes', Accept: 'text/csv' } }),
      item('/json/1011', { method: 'POST', body: 'a=1', headers: { 'Content-Type': 'application/x-www-form-urlencoded' } }),
      item('/json/1021', { method: 'POST', body: null }),
    ]);

    expect(server.asked['/json/1001']).toMatchObject([
      { body: '{"a":1}', headers: { 'content-type': 'application/json', 'x-mine': 'yes', accept: 'text/csv' } },
    ]);
    expect(server.asked['/json/1011']).toMatchObject([
      { body: 'a=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    ]);
    expect(server.asked['/json/1021']).toMatchObject([{ body: '', headers: { 'content-length': '0' } }]);
  });

  it('tries again what may pass, and only that', async () => {
    const fetched = await fetchAll([item('/flaky/3'), item('/flaky/4'), item('/status/500')]);

    expect(fetched.results).toEqual([{ '/flaky/3': 'ok' }]);
    expect(fetched.errors).toEqual([{ '/flaky/4': 'The answer is HTTP 503.' }, { '/status/500': 'The answer is HTTP 500.' }]);
    expect([server.asked['/flaky/4'], server.asked['/status/500']].map((asked) => asked!.length)).toEqual([3, 1]);
  });

  it('does not let one answer spoil the others', async () => {
    const fetched = await fetchAll(
      [item('/big/3000', { name: 'a' }), item('/big/3000', { name: 'b' }), item('/json/1', { name: '__proto__' }), item('/deep')],
      { maxResultBytes: 5_000 },
    );

    expect(fetched.results.map((result) => Object.keys(result)[0])).toEqual(['a', '__proto__']);
    expect(fetched.errors).toEqual([
      { b: 'The result of the task has no room for it.' },
      { '/deep': expect.stringMatching(/larger than|not JSON/) },
    ]);
  });

  it('says the same of a closed port and of a private address', async () => {
    const closed = item(base.replace(/\d+$/, '1'), { name: 'closed' });
    const handler = new HttpFetchHandler(
      new Egress(new EgressPolicy('127.0.0.1'), { resolve: async () => ['10.0.0.5'] }),
      new Settings(),
    );
    const { errors } = await handler.run({ items: [closed, item('http://inside.example/', { name: 'private' })] }, taskContext());

    expect(errors).toEqual([{ closed: 'The host cannot be reached.' }, { private: 'The host cannot be reached.' }]);
  });

  it('says how many of the items are done', async () => {
    const context = taskContext();
    await handlerFor('127.0.0.1').run({ items: [item('/json/1'), item('/status/404')] }, context);

    expect(context.said.progress).toEqual([
      [0, 2],
      [1, 2],
      [2, 2],
    ]);
  });

  it('ends when it is told to', async () => {
    const reason = new Error('cancelled');
    const controller = new AbortController();
    const running = fetchAll([item('/hang')], {}, controller.signal);
    setTimeout(() => controller.abort(reason), 20);

    await expect(running).rejects.toBe(reason);
  });
});

describe('a submission of http.fetch', () => {
  const pointersOf = (payload: unknown) => {
    const handler = handlerFor('');
    try {
      newTask({ payload }, { ...handlerOptions(HttpFetchHandler)!, handler: handler });
      return [];
    } catch (error) {
      return (error as InvalidPayload).violations.map(({ pointer }) => pointer);
    }
  };
  const good = { name: 'a', url: 'https://example.com/', method: 'GET' };

  it('is taken when it fits', () => {
    expect(pointersOf({ items: [good, { ...good, method: 'POST', headers: { 'X-A': 'b' }, body: [1] }] })).toEqual([]);
  });

  it.each([
    [{}, ['/payload/items', '/payload/items']],
    [{ items: [] }, ['/payload/items']],
    [{ items: [7] }, ['/payload/items/0']],
    [{ items: [good, { ...good, url: 'http://127.0.0.1/' }] }, ['/payload/items/1/url']],
    [{ items: [{ ...good, url: null }] }, ['/payload/items/0/url']],
    [
      { items: [{ ...good, name: '', method: 'PUT', more: 1 }] },
      ['/payload/items/0/more', '/payload/items/0/name', '/payload/items/0/method'],
    ],
    [{ items: [{ ...good, body: {} }] }, ['/payload/items/0/body']],
    [{ items: [{ ...good, headers: { Host: 'a' } }] }, ['/payload/items/0/headers/Host']],
    [{ items: [{ ...good, headers: { 'transfer-encoding': 'chunked' } }] }, ['/payload/items/0/headers/transfer-encoding']],
    [{ items: [{ ...good, headers: { 'Proxy-Authorization': 'a' } }] }, ['/payload/items/0/headers/Proxy-Authorization']],
    [{ items: [{ ...good, headers: { a: 'b\r\nc: d' } }] }, ['/payload/items/0/headers/a']],
    [{ items: [{ ...good, headers: { 'a b': 'c' } }] }, ['/payload/items/0/headers/a b']],
  ])('is refused with a pointer when it does not: %j', (payload, pointers) => {
    expect(pointersOf(payload)).toEqual(pointers);
  });
});
