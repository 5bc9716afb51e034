import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { LateWriter } from './late-writer.js';
import type { Scope } from './scope.js';

/** What becomes of the bytes of a connection. */
type Way = 'pass' | 'hold' | 'swallow';

/** How late bytes arrive. */
export interface Lateness {
  /** In each direction, in milliseconds. */
  delayMs: number;
  /** What is lost and sent again comes so much later, and so does everything behind it: answers 0, or the milliseconds, chunk by chunk. */
  stallMs: () => number;
}

interface Line {
  readonly ends: readonly [Socket, Socket];
  way: Way;
}

/** Stands between a client and a server, so that the line between them can fail while the server serves others. */
export class TcpProxy {
  /** How many connections there were so far. */
  accepted = 0;
  private mode: Way | 'refuse' = 'pass';
  private lateness?: Lateness;
  private boundPort = 0;
  private readonly lines = new Set<Line>();
  private readonly server: Server;

  private constructor(
    private readonly host: string,
    private readonly port: number,
  ) {
    this.server = createServer({ pauseOnConnect: true }, (client) => this.accept(client));
  }

  /** A proxy to the host and port of `url`; the scope closes it, or who gives none. */
  static async before(url: string, scope?: Scope): Promise<TcpProxy> {
    const { hostname, port, protocol } = new URL(url);
    const proxy = new TcpProxy(hostname, Number(port || (protocol === 'mysql:' ? 3306 : 5672)));
    await proxy.listenAgain();
    scope?.onEnd(() => proxy.close());
    return proxy;
  }

  /** The same URL, by way of the proxy; it stays the same when the proxy is closed and listens again. */
  through(url: string): string {
    const way = new URL(url);
    way.hostname = '127.0.0.1';
    way.port = String(this.boundPort);
    return way.href;
  }

  /** How many connections there are. */
  get connections(): number {
    return this.lines.size;
  }

  /** Ends every connection at once. New ones are welcome, unless something else was said before. */
  drop(): void {
    for (const line of this.lines) this.end(line);
  }

  /** Ends every connection at once and refuses new ones until {@link resume}. */
  cut(): void {
    this.mode = 'refuse';
    this.drop();
  }

  /** Black hole: connections stay open and new ones are accepted, but not one byte moves either way until {@link resume}. */
  hold(): void {
    this.mode = 'hold';
    for (const line of this.lines) {
      if (line.way === 'swallow') continue;
      line.way = 'hold';
      for (const socket of line.ends) socket.pause();
    }
  }

  /** Takes connections and bytes as if all were well, and throws the bytes away, until {@link resume}. */
  swallow(): void {
    this.mode = 'swallow';
    for (const line of this.lines) {
      line.way = 'swallow';
      for (const socket of line.ends) socket.resume();
    }
  }

  /** Lets everything through, but late, until {@link resume}. */
  slow(lateness: Lateness): void {
    this.lateness = lateness;
  }

  /** Lets everything through again, also the bytes that were held. Connections that lost bytes end. */
  resume(): void {
    this.mode = 'pass';
    this.lateness = undefined;
    for (const line of this.lines) {
      if (line.way === 'swallow') {
        this.end(line);
        continue;
      }
      line.way = 'pass';
      for (const socket of line.ends) socket.resume();
    }
  }

  /** Serves new connections, while those that are held or swallowed go on leading nowhere. */
  resumeForNewOnes(): void {
    this.mode = 'pass';
  }

  /** Ends every connection and listens no more, so that whoever comes finds nobody. */
  async close(): Promise<void> {
    const closed = this.server.listening ? new Promise((resolve) => this.server.close(resolve)) : undefined;
    this.drop();
    await closed;
  }

  /** Listens on the same port as before it was closed. */
  async listenAgain(): Promise<void> {
    this.server.listen(this.boundPort, '127.0.0.1');
    await once(this.server, 'listening');
    this.boundPort = (this.server.address() as AddressInfo).port;
  }

  private accept(client: Socket): void {
    this.accepted++;
    client.on('error', () => client.destroy());
    if (this.mode === 'refuse') {
      client.resetAndDestroy();
      return;
    }
    const server = connect(this.port, this.host);
    const line: Line = { ends: [client, server], way: this.mode };
    this.lines.add(line);
    for (const [from, to] of [line.ends, [server, client]] as const) {
      const late = new LateWriter(to);
      from.setNoDelay(true);
      from.on('data', (chunk: Buffer) => {
        if (line.way !== 'swallow' && !late.write(chunk, this.lateMs())) from.pause();
      });
      to.on('drain', () => {
        if (line.way !== 'hold') from.resume();
      });
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.lines.delete(line);
        late.end();
      });
    }
    if (line.way === 'hold') server.pause();
    else client.resume();
  }

  private lateMs(): number {
    return this.lateness ? this.lateness.delayMs + this.lateness.stallMs() : 0;
  }

  private end(line: Line): void {
    this.lines.delete(line);
    for (const socket of line.ends) socket.resetAndDestroy();
  }
}
