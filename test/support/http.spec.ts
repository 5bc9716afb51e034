import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { send } from './http.js';

/** Answers upon the first bytes and closes while the rest is still on its way. In a thread, so that both sides are at work at once. */
const SERVER = `
  const { parentPort } = require('node:worker_threads');
  const refusal = 'HTTP/1.1 413 Payload Too Large\\r\\nConnection: close\\r\\nContent-Length: 0\\r\\n\\r\\n';
  const server = require('node:net').createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.write(refusal, () => socket.destroy()));
  });
  server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
`;

describe('send', () => {
  let server: Worker;
  let url: string;

  beforeAll(async () => {
    server = new Worker(SERVER, { eval: true });
    const [port] = (await once(server, 'message')) as [number];
    url = `http://127.0.0.1:${port}`;
  });

  afterAll(() => server.terminate());

  it('gives the answer of a server that closes before it has the whole body', async () => {
    for (let request = 0; request < 200; request++) {
      const { status } = await send(url, { method: 'POST', path: '/', body: Buffer.alloc(3_000_000) });
      expect(status).toBe(413);
    }
  });
});
