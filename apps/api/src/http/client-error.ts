import type { Socket } from 'node:net';
import { PROBLEM_TYPE, problemOf, refusalOfStatus } from './problem.js';
import { newRequestId } from './request-id.js';
import { BARE } from './security-headers.js';

/** What Node's HTTP parser refuses, before there is a request. The rest is malformed: 400. */
const STATUS_OF_ERROR: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** Answers a request that is not HTTP, too slow or too large in its head, and closes the connection. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable || answerHasBegun(socket)) {
    socket.destroy();
    return;
  }
  const requestId = newRequestId();
  const problem = problemOf(refusalOfStatus(STATUS_OF_ERROR[error.code ?? ''] ?? 400), requestId);
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${problem.title}`,
    'Connection: close',
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...Object.entries(BARE).map(([name, value]) => `${name}: ${value}`),
    `X-Request-Id: ${requestId}`,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

/** Node keeps the answer under way on the socket; a second one in its middle would be taken for its content. */
function answerHasBegun(socket: Socket): boolean {
  return (socket as Socket & { _httpMessage?: { headersSent: boolean } })._httpMessage?.headersSent === true;
}
