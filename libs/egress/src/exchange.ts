import http, { type ClientRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import https from 'node:https';
import net, { isIP, type LookupFunction, type Socket } from 'node:net';
import tls from 'node:tls';
import { failureOf } from './egress-failure.js';
import { hostOf } from './policy.js';

/** Opens the connection to one of the vetted addresses. */
export type Connect = (url: URL, addresses: readonly string[]) => Socket;

/** What goes over one connection. */
export interface Outgoing {
  url: URL;
  /** All of them vetted; the connection is made to one of these and to nothing else. */
  addresses: readonly string[];
  method: string;
  headers: OutgoingHttpHeaders;
  body?: string;
  signal: AbortSignal;
}

const MAX_HEADER_BYTES = 64 * 1024;

/** Connects by TCP or TLS. The name is not resolved again, and still is what the certificate is checked for. */
export const connectVetted: Connect = (url, addresses) => {
  const host = hostOf(url);
  const secure = url.protocol === 'https:';
  const port = Number(url.port || (secure ? 443 : 80));
  const options = { host, port, lookup: vetted(addresses), autoSelectFamily: true };
  return secure ? tls.connect({ ...options, servername: isIP(host) ? '' : host }) : net.connect(options);
};

/**
 * Sends one request on a connection of its own and answers when the head of the answer is there. Whoever got it must destroy the
 * request in the end. @throws EgressFailure, or the reason of the signal
 */
export function exchange(outgoing: Outgoing, connect: Connect): Promise<{ request: ClientRequest; response: IncomingMessage }> {
  const { url, method, headers, body, signal } = outgoing;
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? https : http).request({
      method,
      path: url.pathname + url.search,
      headers: { ...headers, host: url.host },
      maxHeaderSize: MAX_HEADER_BYTES,
      createConnection: () => connect(url, outgoing.addresses),
    });
    const abort = () => request.destroy(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    request.on('close', () => {
      signal.removeEventListener('abort', abort);
      reject(failureOf(undefined, false));
    });
    request.on('error', (error) => reject(signal.aborted ? (signal.reason as Error) : failureOf(error, false)));
    request.on('response', (response) => resolve({ request, response }));
    // Nobody asked to change the protocol.
    request.on('upgrade', (_response, socket) => socket.destroy());
    if (signal.aborted) abort();
    request.end(body);
  });
}

function vetted(addresses: readonly string[]): LookupFunction {
  const found = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_host, options, done) => {
    if (options.all) done(null, found);
    else done(null, found[0]!.address, found[0]!.family);
  };
}
