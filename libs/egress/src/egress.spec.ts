import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Egress, type EgressRequest } from './egress.js';
import { EgressPolicy } from './policy.js';

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** A server on loopback that answers as it is told, and keeps what it was asked. */
async function serverOf(answer: (request: IncomingMessage) => { status: number; location?: string; body?: string } | 'hang') {
  const asked: { path?: string; method?: string; headers: IncomingMessage['headers']; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      asked.push({ path: request.url, method: request.method, headers: request.headers, body });
      const given = answer(request);
      if (given === 'hang') return;
      response.writeHead(given.status, given.location ? { location: given.location } : {}).end(given.body);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const egress = new Egress(new EgressPolicy('127.0.0.1'));
const get = (url: string, more: Partial<EgressRequest> = {}) =>
  egress.send({ url, method: 'GET', timeoutMs: 2_000, maxBytes: 1_000, larger: 'refuse', maxRedirects: 3, ...more });
const post = { method: 'POST', body: '{"a":1}' } as const;
const secrets = { authorization: 'secret', 'x-api-key': 'secret', 'content-type': 'application/json', 'idempotency-key': 'k' };

describe('Egress', () => {
  it('sends method, headers and body, and names the host', async () => {
    const { url, asked } = await serverOf(() => ({ status: 201, body: 'made' }));
    const answer = await get(`${url}/a?b=c`, { ...post, headers: secrets });

    expect({ status: answer.status, body: String(answer.body) }).toEqual({ status: 201, body: 'made' });
    expect(asked[0]).toMatchObject({ path: '/a?b=c', method: 'POST', body: '{"a":1}' });
    expect(asked[0]!.headers).toMatchObject({ ...secrets, host: new URL(url).host, 'content-length': '7' });
  });

  it('gives another origin nothing but what describes the body', async () => {
    const other = await serverOf(() => ({ status: 200 }));
    const { url } = await serverOf(() => ({ status: 307, location: other.url }));
    await get(url, { ...post, headers: secrets });

    expect(other.asked[0]).toMatchObject({ method: 'POST', body: '{"a":1}' });
    expect(other.asked[0]!.headers).toMatchObject({ 'content-type': 'application/json', 'idempotency-key': 'k' });
    expect(JSON.stringify(other.asked[0])).not.toContain('secret');
  });

  it.each([301, 302, 303])('turns a POST that is redirected by %i into a GET without a body', async (status) => {
    const { url, asked } = await serverOf(({ url: path }) => (path === '/' ? { status, location: '/next' } : { status: 200 }));
    await get(url, { ...post, headers: secrets });

    expect(asked[1]).toMatchObject({ path: '/next', method: 'GET', body: '' });
    expect(asked[1]!.headers).toMatchObject({ authorization: 'secret' });
    expect(asked[1]!.headers).not.toHaveProperty('content-type');
    expect(asked[1]!.headers).not.toHaveProperty('idempotency-key');
  });

  it('gives back a redirect where none is followed', async () => {
    const { url, asked } = await serverOf(() => ({ status: 302, location: '/next' }));

    expect((await get(url, { maxRedirects: 0 })).status).toBe(302);
    expect(asked).toHaveLength(1);
  });

  it('refuses or cuts what is too large', async () => {
    const { url } = await serverOf(() => ({ status: 200, body: 'x'.repeat(2_000) }));

    await expect(get(url)).rejects.toMatchObject({ kind: 'too_large' });
    expect((await get(url, { larger: 'cut' })).body).toHaveLength(1_000);
  });

  it('ends with the reason of its signal, also when it had aborted before', async () => {
    const { url } = await serverOf(() => 'hang');
    const reason = new Error('enough');
    const controller = new AbortController();
    const sent = get(url, { signal: controller.signal });
    controller.abort(reason);

    await expect(sent).rejects.toBe(reason);
    await expect(get(url, { signal: controller.signal })).rejects.toBe(reason);
  });

  it('does not wait beyond the deadline for a name', async () => {
    const slow = new Egress(new EgressPolicy(), { resolve: () => new Promise(() => {}) });
    const request = {
      url: 'http://example.com/',
      method: 'GET',
      timeoutMs: 50,
      maxBytes: 1,
      larger: 'cut',
      maxRedirects: 0,
    } as const;

    await expect(slow.send(request)).rejects.toMatchObject({ kind: 'timeout' });
  });
});
