import { Agent, request, type ClientRequest, type IncomingMessage } from 'node:http';
import { eventually } from './eventually.js';
import type { Answer } from './http.js';

/** An event as Taskwell tells it. */
export interface LiveEvent {
  id: string | null;
  event: string;
  task_id: string | null;
  at: string;
  data: Record<string, unknown>;
}

/** Server-Sent Events from one connection, as a browser reads them. */
export class EventStream {
  readonly events: LiveEvent[] = [];
  /** Comments, which keep the connection alive. */
  comments = 0;
  /** What a browser would send as Last-Event-ID. */
  lastId: string | undefined;
  /** How the server asked to come back, in milliseconds. */
  retryMs: number | undefined;
  ended = false;
  private rest = '';

  private constructor(
    private readonly outgoing: ClientRequest,
    readonly incoming: IncomingMessage,
    readonly beginning: Answer,
  ) {
    incoming.setEncoding('utf8');
    incoming.on('data', (text: string) => this.take(text));
    incoming.on('error', () => {});
    incoming.on('close', () => (this.ended = true));
  }

  /** Resolves when the answer begins. */
  static open(baseUrl: string, path: string, lastId?: string): Promise<EventStream> {
    const headers = { accept: 'text/event-stream', ...(lastId !== undefined && { 'last-event-id': lastId }) };
    return new Promise((resolve, reject) => {
      // A connection of its own: it is not given back.
      const outgoing = request(baseUrl + path, { headers, agent: new Agent() }, (incoming) => {
        const answer = {
          method: 'GET',
          path,
          status: incoming.statusCode!,
          headers: incoming.headers as Record<string, string>,
          text: incoming.statusCode === 200 ? ':' : '',
          body: undefined,
          ms: 0,
        };
        const stream = new EventStream(outgoing, incoming, answer);
        stream.lastId = lastId;
        resolve(stream);
      });
      outgoing.on('error', reject);
      outgoing.end();
    });
  }

  get status(): number {
    return this.beginning.status;
  }

  /** The ids of what has a place, in order. */
  get ids(): string[] {
    return this.events.flatMap(({ id }) => (id === null ? [] : [id]));
  }

  statuses(): unknown[] {
    return this.events.filter(({ event }) => event === 'status').map(({ data }) => data.status);
  }

  /** Resolves when an event came that fits; answers it. */
  until(what: string, fits: (event: LiveEvent) => boolean, within?: number): Promise<LiveEvent> {
    return eventually(`there is an event: ${what}`, () => this.events.find(fits), { within });
  }

  /** Resolves when the server has ended the stream. */
  async untilEnd(within?: number): Promise<void> {
    await eventually('the stream ends', () => this.ended, { within });
  }

  /** Cuts the connection. */
  cut(): void {
    this.outgoing.destroy();
  }

  private take(text: string): void {
    const blocks = (this.rest + text).split('\n\n');
    this.rest = blocks.pop()!;
    for (const block of blocks) this.read(block);
  }

  private read(block: string): void {
    let data: string | undefined;
    for (const line of block.split('\n')) {
      if (line.startsWith(':')) this.comments++;
      else if (line.startsWith('retry: ')) this.retryMs = Number(line.slice(7));
      else if (line.startsWith('id: ')) this.lastId = line.slice(4);
      else if (line.startsWith('data: ')) data = line.slice(6);
    }
    if (data !== undefined) this.events.push(JSON.parse(data) as LiveEvent);
  }
}
