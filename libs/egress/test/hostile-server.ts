import type { Socket } from 'node:net';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const OK = 'HTTP/1.1 200 OK\r\n';
const redirect = (status: number, to: string) => `HTTP/1.1 ${status} Found\r\nLocation: ${to}\r\nContent-Length: 0\r\n\r\n`;
const whole = (head: string, body: Buffer) => [`${OK}${head}Content-Length: ${body.length}\r\n\r\n`, body] as const;

/** A compressed body that is 256 MB long when it is not. */
const bomb = (compress: (body: Buffer) => Buffer) => compress(Buffer.alloc(256 * 1024 * 1024));
const quick = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } };

/** What a server does with a connection, by the path of the request. */
export const MANNERS: Record<string, (socket: Socket) => void> = {
  '/fine': (socket) => socket.end(`${OK}Content-Type: application/json\r\nContent-Length: 12\r\n\r\n{"a":"fine"}`),
  '/r1': (socket) => socket.end(redirect(302, 'http://127.0.0.1/')),
  '/r4': (socket) => socket.end(redirect(308, 'http://[::1]/')),
  '/r7': (socket) => socket.end(redirect(302, 'file:///etc/passwd')),
  '/r10': (socket) => socket.end(redirect(302, 'http://rebind-ttl0.test/')),
  '/r16': (socket) => socket.end('HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n'),
  '/metadata': (socket) => socket.end(redirect(307, 'http://169.254.169.254/latest/meta-data/')),
  '/to-fine': (socket) => socket.end(redirect(302, '/fine')),
  '/many': (socket) => socket.end(redirect(302, '/many')),
  '/hang-before-headers': () => {},
  '/hang-in-body': (socket) => socket.write(`${OK}Content-Length: 10\r\n\r\nabc`),
  '/infinite-body': (socket) => {
    socket.write(`${OK}Transfer-Encoding: chunked\r\n\r\n`);
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    const pour = () => {
      while (socket.writable && socket.write(chunk));
    };
    socket.on('drain', pour);
    pour();
  },
  '/br-bomb': (socket) => {
    const [head, body] = whole(
      'Content-Encoding: br\r\n',
      bomb((text) => brotliCompressSync(text, quick)),
    );
    socket.write(head);
    socket.end(body);
  },
  '/gzip-bomb': (socket) => {
    const [head, body] = whole(
      'Content-Encoding: gzip\r\n',
      bomb((text) => gzipSync(text, { level: 1 })),
    );
    socket.write(head);
    socket.end(body);
  },
  '/gzip-broken': (socket) => socket.end(`${OK}Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello`),
  '/odd-encoding': (socket) => socket.end(`${OK}Content-Encoding: gzip, gzip\r\nContent-Length: 5\r\n\r\nhello`),
  '/content-length-negative': (socket) => socket.end(`${OK}Content-Length: -1\r\n\r\n`),
  '/huge-headers': (socket) => socket.end(`${OK}X-Large: ${'x'.repeat(1024 * 1024)}\r\nContent-Length: 0\r\n\r\n`),
  '/reset-mid-body': (socket) => {
    socket.write(`${OK}Content-Length: 1000\r\n\r\n${'x'.repeat(500)}`, () => setTimeout(() => socket.resetAndDestroy(), 20));
  },
  '/reset-at-once': (socket) => socket.resetAndDestroy(),
  '/http09': (socket) => socket.end('<html>hello</html>\r\n'),
  '/status-000': (socket) => socket.end('HTTP/1.1 000 None\r\nContent-Length: 0\r\n\r\n'),
  '/upgrade': (socket) => socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n'),
  '/set-cookie-flood': (socket) => socket.end(`${OK}${'Set-Cookie: a=b\r\n'.repeat(10_000)}Content-Length: 0\r\n\r\n`),
};

/** Answers each connection as the path of its first request says. */
export function beHostile(socket: Socket): void {
  socket.on('error', () => {});
  socket.once('data', (data) => {
    const path = data.toString('latin1').split(' ', 2)[1] ?? '';
    (MANNERS[path] ?? ((other) => other.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n')))(socket);
  });
}
