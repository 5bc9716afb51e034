import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A wire between a client and a server that a test can cut or make swallow everything. */
export class TcpProxy {
  private readonly pairs = new Set<[Socket, Socket]>();
  private swallowing = false;
  private boundTo = 0;
  private readonly server = createServer((client) => this.join(client));

  private constructor(private readonly target: { host: string; port: number }) {}

  static async to(host: string, port: number): Promise<TcpProxy> {
    const proxy = new TcpProxy({ host, port });
    await proxy.listenAgain();
    return proxy;
  }

  /** Where it listens; stays the same when it is closed and listens again. */
  get port(): number {
    return this.boundTo;
  }

  async listenAgain(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(this.boundTo, '127.0.0.1', resolve));
    this.boundTo = (this.server.address() as AddressInfo).port;
  }

  /** Takes bytes and connections from now on, and passes nothing on. */
  swallow(): void {
    this.swallowing = true;
    for (const [client, server] of this.pairs) {
      client.unpipe(server);
      server.unpipe(client);
      client.resume();
      server.resume();
    }
  }

  /** Works for new connections, while what is connected goes on leading nowhere. */
  passOnNewOnes(): void {
    this.swallowing = false;
  }

  /** Cuts what is connected and works again for new connections. */
  heal(): void {
    this.swallowing = false;
    this.cut();
  }

  cut(): void {
    for (const pair of this.pairs) pair.forEach((socket) => socket.destroy());
    this.pairs.clear();
  }

  async close(): Promise<void> {
    this.cut();
    if (!this.server.listening) return;
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(client: Socket): void {
    const server = connect(this.target);
    const pair: [Socket, Socket] = [client, server];
    this.pairs.add(pair);
    for (const socket of pair) {
      socket.on('error', () => undefined);
      socket.on('close', () => {
        pair.forEach((end) => end.destroy());
        this.pairs.delete(pair);
      });
    }
    if (this.swallowing) {
      client.resume();
    } else {
      client.pipe(server);
      server.pipe(client);
    }
  }
}
