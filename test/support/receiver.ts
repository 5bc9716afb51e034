import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import type { Scope } from './scope.js';

/** One call that arrived. */
export interface Call {
  at: number;
  path: string;
  headers: IncomingHttpHeaders;
  raw: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  body: any;
  /** Whether the public library takes its signature. */
  verified: boolean;
}

/** What is answered to a call: a status, or nothing at all. `times` counts the calls of its path. */
export type Manner = (call: Call, times: number) => Reply;
export type Reply = number | 'hang' | 'reset' | { status: number; headers?: Record<string, string>; body?: string };

/** A receiver of callbacks on loopback that keeps what it gets and checks every signature. */
export class Receiver {
  readonly calls: Call[] = [];
  /** 200 unless a test says otherwise. */
  manner: Manner = () => 200;

  private constructor(
    private readonly server: Server,
    private readonly secret: string,
  ) {}

  static async open(scope: Scope, secret: string): Promise<Receiver> {
    const server = createServer();
    const receiver = new Receiver(server, secret);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => receiver.receive(request.url!, request.headers, Buffer.concat(chunks), response));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    scope.onEnd(() => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    });
    return receiver;
  }

  url(path = '/'): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${path}`;
  }

  of(path: string): Call[] {
    return this.calls.filter((call) => call.path === path);
  }

  /** The calls that tell of one task. */
  about(taskId: string): Call[] {
    return this.calls.filter(({ headers }) => headers['webhook-id'] === `msg_${taskId}`);
  }

  private receive(path: string, headers: IncomingHttpHeaders, bytes: Buffer, response: ServerResponse): void {
    const raw = bytes.toString('utf8');
    const call: Call = {
      at: Date.now(),
      path,
      headers,
      raw,
      body: raw === '' ? null : JSON.parse(raw),
      verified: this.verify(raw, headers),
    };
    this.calls.push(call);
    const reply = this.manner(call, this.of(path).length);
    if (reply === 'hang') return;
    if (reply === 'reset') return void response.destroy();
    const { status, headers: more, body } = typeof reply === 'number' ? { status: reply, headers: {}, body: 'thanks' } : reply;
    response.writeHead(status, more).end(body);
  }

  private verify(raw: string, headers: IncomingHttpHeaders): boolean {
    try {
      new Webhook(this.secret).verify(raw, headers as Record<string, string>);
      return true;
    } catch {
      return false;
    }
  }
}
