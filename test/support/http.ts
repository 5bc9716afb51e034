import { Agent, request } from 'node:http';
import { connect, Socket } from 'node:net';

export type Headers = Record<string, string | string[]>;

export interface Request {
  method?: string;
  path: string;
  headers?: Headers;
  /** Sent as it is; an object is sent as JSON with its Content-Type. */
  body?: string | Buffer | object;
  /** Longest wait for the whole answer, in milliseconds. */
  patience?: number;
  /** For whoever must not wait behind the others for a connection. */
  agent?: Agent;
}

/** An HTTP answer with its body as text and, where it is JSON, parsed. */
export interface Answer<Body = unknown> {
  method: string;
  path: string;
  status: number;
  headers: Record<string, string>;
  text: string;
  body: Body;
  /** From sending to the whole answer. */
  ms: number;
}

const PATIENCE_MS = 35_000;
const sharedAgent = new Agent({ keepAlive: true, maxSockets: 64 });

/** Sends one request on node:http, so that headers and bytes arrive as they are given. */
export function send<Body = unknown>(baseUrl: string, given: Request): Promise<Answer<Body>> {
  const { method = 'GET', path, patience = PATIENCE_MS, agent = sharedAgent } = given;
  const { bytes, type } = encode(given.body);
  const headers: Headers = {
    ...(type && { 'content-type': type }),
    ...(bytes && { 'content-length': String(bytes.length) }),
    ...given.headers,
  };
  const { hostname, port } = new URL(baseUrl);
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    const outgoing = request({ agent, hostname, port, method, path, headers, setHost: true }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const answered = incoming.headers as Record<string, string>;
        resolve({
          method,
          path,
          status: incoming.statusCode!,
          headers: answered,
          text,
          body: parse(text, answered['content-type']) as Body,
          ms: performance.now() - startedAt,
        });
      });
    });
    outgoing.setTimeout(patience, () => outgoing.destroy(new Error(`No answer to ${method} ${path} within ${patience} ms.`)));
    outgoing.on('error', reject);
    if (bytes) outgoing.on('socket', readOnAfterFailedWrites);
    outgoing.end(bytes);
  });
}

/**
 * A server that refuses a body answers and closes while it is still being written. Node gives a connection up at the first write that
 * fails, and the answer with it; so failed writes count as done, and reading finds the answer, or that the connection is gone.
 */
function readOnAfterFailedWrites(socket: Socket): void {
  const { prototype } = Socket;
  socket._write = (chunk, encoding, done) => prototype._write.call(socket, chunk, encoding, () => done());
  socket._writev = (chunks, done) => prototype._writev!.call(socket, chunks, () => done());
}

/** Writes bytes to the port and answers the status code of what comes back, once the server has ended or `patience` is over. */
export function sendRaw(baseUrl: string, bytes: string | Buffer, patience = PATIENCE_MS): Promise<number> {
  const { hostname, port } = new URL(baseUrl);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    let answer = '';
    const look = () => {
      const status = /^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1];
      if (!status) return;
      resolve(Number(status));
      socket.destroy();
    };
    readOnAfterFailedWrites(socket);
    socket.setTimeout(patience, () => socket.destroy(new Error(`No answer within ${patience} ms.`)));
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
      look();
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`The connection was closed without an answer: ${JSON.stringify(answer)}`)));
  });
}

function encode(body: Request['body']): { bytes?: Buffer; type?: string } {
  if (body === undefined) return {};
  if (Buffer.isBuffer(body)) return { bytes: body };
  if (typeof body === 'string') return { bytes: Buffer.from(body) };
  return { bytes: Buffer.from(JSON.stringify(body)), type: 'application/json' };
}

function parse(text: string, type: string | undefined): unknown {
  if (text === '' || !type || !/\bjson\b/.test(type)) return undefined;
  return JSON.parse(text);
}
