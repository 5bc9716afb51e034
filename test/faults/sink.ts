import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Scope } from '../support/scope.js';
import type { Call } from './evidence.js';
import type { Journal } from './journal.js';

/** How the sink treats a call, after it has counted it. */
export type Manner = 'answers' | 'hangs' | { delaysMs: number } | { fails: number };

/** Where the test handlers leave their effects: it counts the calls of each key and treats them as it is told. */
export class Sink {
  /** For calls from now on. */
  manner: (call: Call) => Manner = () => 'answers';

  private constructor(
    private readonly server: Server,
    private readonly journal: Journal<Call>,
  ) {}

  static async open(scope: Scope, journal: Journal<Call>): Promise<Sink> {
    const server = createServer();
    const sink = new Sink(server, journal);
    server.on('request', (request, response) => void sink.take(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    scope.onEnd(() => {
      server.closeAllConnections();
      server.close();
    });
    return sink;
  }

  /** For SINK_URL. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/effects`;
  }

  get calls(): readonly Call[] {
    return this.journal.entries;
  }

  callsOf(key: string): Call[] {
    return this.calls.filter((call) => call.key === key);
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call: Call = {
      at: Date.now(),
      key: String(request.headers['idempotency-key']),
      attempt: Number(request.headers['x-attempt']),
    };
    this.journal.add(call);
    request.resume();
    const manner = this.manner(call);
    if (manner === 'hangs') return;
    if (typeof manner === 'object' && 'delaysMs' in manner) await pause(manner.delaysMs);
    response.statusCode = typeof manner === 'object' && 'fails' in manner ? manner.fails : 200;
    // The head first: between it and the end of the body, the effect has happened and the caller is not done.
    response.flushHeaders();
    response.end('{}');
  }
}
