import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Scope } from './scope.js';

type Mode = 'pass' | 'hold' | 'refuse';

/** Stands between Taskwell and a server, so that the line between them can fail while the server serves others. */
export class TcpProxy {
  private mode: Mode = 'pass';
  private readonly pairs = new Set<readonly [Socket, Socket]>();
  private readonly server: Server;

  private constructor(
    private readonly host: string,
    private readonly port: number,
  ) {
    this.server = createServer({ pauseOnConnect: true }, (client) => this.accept(client));
  }

  /** A proxy to the host and port of `url`; the scope closes it. */
  static async before(url: string, scope: Scope): Promise<TcpProxy> {
    const { hostname, port, protocol } = new URL(url);
    const proxy = new TcpProxy(hostname, Number(port || (protocol === 'mysql:' ? 3306 : 5672)));
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    scope.onEnd(() => proxy.close());
    return proxy;
  }

  /** The same URL, by way of the proxy. */
  through(url: string): string {
    const way = new URL(url);
    way.hostname = '127.0.0.1';
    way.port = String((this.server.address() as AddressInfo).port);
    return way.href;
  }

  /** Ends every connection at once and refuses new ones until {@link resume}. */
  cut(): void {
    this.mode = 'refuse';
    this.dropAll();
  }

  /** Black hole: connections stay open and new ones are accepted, but not one byte moves either way until {@link resume}. */
  hold(): void {
    this.mode = 'hold';
    for (const pair of this.pairs) for (const socket of pair) socket.pause();
  }

  /** Lets everything through again, also the bytes that were held. */
  resume(): void {
    this.mode = 'pass';
    for (const pair of this.pairs) for (const socket of pair) socket.resume();
  }

  private accept(client: Socket): void {
    client.on('error', () => client.destroy());
    if (this.mode === 'refuse') {
      client.resetAndDestroy();
      return;
    }
    const server = connect(this.port, this.host);
    const pair = [client, server] as const;
    this.pairs.add(pair);
    for (const [from, to] of [pair, [server, client]] as const) {
      from.setNoDelay(true);
      from.on('data', (chunk) => {
        if (!to.write(chunk)) from.pause();
      });
      to.on('drain', () => {
        if (this.mode === 'pass') from.resume();
      });
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.pairs.delete(pair);
        to.destroy();
      });
    }
    if (this.mode === 'hold') server.pause();
    else client.resume();
  }

  private dropAll(): void {
    for (const pair of this.pairs) for (const socket of pair) socket.resetAndDestroy();
  }

  private async close(): Promise<void> {
    this.dropAll();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
