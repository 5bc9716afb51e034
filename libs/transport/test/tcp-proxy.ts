import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Stands between a client and the broker, and can cut the line, swallow what is said, or refuse callers. */
export class TcpProxy {
  private readonly pairs = new Set<[Socket, Socket]>();
  private readonly server: Server;
  private refusing = false;
  private silent = false;

  private constructor(private readonly target: URL) {
    this.server = createServer((client) => this.accept(client));
  }

  static async to(url: string): Promise<TcpProxy> {
    const proxy = new TcpProxy(new URL(url));
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    const url = new URL(this.target);
    url.hostname = '127.0.0.1';
    url.port = String((this.server.address() as AddressInfo).port);
    return url.href;
  }

  /** How many connections go through. */
  get connections(): number {
    return this.pairs.size;
  }

  /** Breaks every connection. */
  cut(): void {
    for (const [client, broker] of this.pairs) {
      client.resetAndDestroy();
      broker.resetAndDestroy();
    }
  }

  /** Breaks every connection and takes no new one until `heal`. */
  refuse(): void {
    this.refusing = true;
    this.cut();
  }

  /** Lets nothing through any more, without telling anybody, until `heal`. */
  hold(): void {
    this.silent = true;
    for (const pair of this.pairs) for (const socket of pair) socket.pause();
  }

  heal(): void {
    this.refusing = false;
    this.silent = false;
    for (const pair of this.pairs) for (const socket of pair) socket.resume();
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.cut();
    await closed;
  }

  private accept(client: Socket): void {
    if (this.refusing) {
      client.resetAndDestroy();
      return;
    }
    const broker = connect(Number(this.target.port || 5672), this.target.hostname);
    const pair: [Socket, Socket] = [client, broker];
    this.pairs.add(pair);
    for (const socket of pair) {
      socket.setNoDelay(true);
      socket.on('error', () => {});
      socket.on('close', () => {
        this.pairs.delete(pair);
        client.destroy();
        broker.destroy();
      });
    }
    client.on('data', (data) => broker.write(data));
    broker.on('data', (data) => client.write(data));
    if (this.silent) for (const socket of pair) socket.pause();
  }
}
