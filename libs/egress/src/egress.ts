import { isIP } from 'node:net';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { EgressFailure, failureOf, unreachable } from './egress-failure.js';
import { connectVetted, exchange, type Connect, type Outgoing } from './exchange.js';
import { type EgressPolicy, hostOf, parseUrl } from './policy.js';
import { ACCEPT_ENCODING, readBody, type BodyLimit } from './read-body.js';
import { resolveByDns, resolveBySystem, type Resolve } from './resolve.js';

/** A request to a URL that a client named. */
export interface EgressRequest extends BodyLimit {
  url: string;
  method: 'GET' | 'POST';
  /** Sent to the origin of the URL; a redirect to another origin gets only those that describe the body. */
  headers?: Readonly<Record<string, string>>;
  body?: string;
  /** One deadline for everything: names, connections, redirects, the whole body. */
  timeoutMs: number;
  /** How many redirects are followed; 0 makes a redirect the answer. */
  maxRedirects: number;
  signal?: AbortSignal;
}

export interface EgressAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** Other ways to names and connections, for tests that must not use the network. */
export interface EgressOptions {
  resolve?: Resolve;
  connect?: Connect;
}

const OF_BODY = /^(?:content-.*|idempotency-key)$/i;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * The only door to hosts that clients name. Every attempt and every redirect starts anew: the parsed URL is judged, the name resolved
 * once, every address vetted, and the connection made to a vetted address.
 */
export class Egress {
  private readonly resolve: Resolve;
  private readonly connect: Connect;

  constructor(
    readonly policy: EgressPolicy,
    options: EgressOptions = {},
  ) {
    this.resolve =
      options.resolve ?? ((host) => (policy.names(host) || host === 'localhost' ? resolveBySystem : resolveByDns)(host));
    this.connect = options.connect ?? connectVetted;
  }

  /** @throws EgressFailure; the reason of the request's own signal when that aborts */
  async send(request: EgressRequest): Promise<EgressAnswer> {
    const late = new EgressFailure('timeout', `There was no whole answer within ${request.timeoutMs} ms.`);
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(late), request.timeoutMs);
    const signal = request.signal ? AbortSignal.any([request.signal, deadline.signal]) : deadline.signal;
    try {
      return await this.follow(request, signal);
    } catch (error) {
      throw signal.aborted ? signal.reason : error;
    } finally {
      clearTimeout(timer);
    }
  }

  private async follow(request: EgressRequest, signal: AbortSignal): Promise<EgressAnswer> {
    const url = parseUrl(request.url);
    const refusal = this.policy.refusal(request.url);
    if (!url || refusal !== undefined) throw new EgressFailure('refused', `The URL ${refusal}.`);

    let hop: Hop = { url, method: request.method, body: request.body, headers: request.headers ?? {} };
    for (let redirects = 0; ; redirects++) {
      const answer = await this.hop(hop, request, signal);
      if (!REDIRECTS.has(answer.status) || request.maxRedirects === 0) return answer;
      if (redirects === request.maxRedirects) {
        throw new EgressFailure('redirect', `There were more than ${request.maxRedirects} redirects.`);
      }
      hop = this.redirected(hop, answer);
    }
  }

  private async hop(hop: Hop, limit: BodyLimit, signal: AbortSignal): Promise<EgressAnswer> {
    const addresses = await this.vet(hop.url, signal);
    const headers = { 'accept-encoding': ACCEPT_ENCODING, 'user-agent': 'Taskwell', ...hop.headers };
    const { request, response } = await exchange({ ...hop, headers, addresses, signal } satisfies Outgoing, this.connect);
    try {
      return { status: statusOf(response), headers: response.headers, body: await readBody(response, limit) };
    } finally {
      request.destroy();
    }
  }

  /** The addresses to connect to. @throws EgressFailure unless every one of them is allowed */
  private async vet(url: URL, signal: AbortSignal): Promise<string[]> {
    const host = hostOf(url);
    const addresses = isIP(host) ? [host] : await this.addressesOf(host, signal);
    const allowed = this.policy.names(host) || addresses.every((address) => this.policy.permits(address));
    if (!allowed || addresses.length === 0) throw unreachable();
    return addresses;
  }

  private async addressesOf(host: string, signal: AbortSignal): Promise<string[]> {
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const abort = () => reject(signal.reason as Error);
      signal.addEventListener('abort', abort, { once: true });
      this.resolve(host)
        .then(resolve, (error: unknown) => reject(failureOf(error, false)))
        .finally(() => signal.removeEventListener('abort', abort));
    });
  }

  /** Where a redirect leads, with what may go there. @throws EgressFailure */
  private redirected(from: Hop, { status, headers }: EgressAnswer): Hop {
    const url = headers.location === undefined ? undefined : parseUrl(headers.location, from.url);
    if (!url || !/^https?:$/.test(url.protocol))
      throw new EgressFailure('redirect', 'The answer is a redirect to no http or https URL.');
    // The server chose it, so that the answer must not say what is behind it.
    if (this.policy.refusalOf(url) !== undefined) throw unreachable();
    const becomesGet = status === 303 || (from.method === 'POST' && status < 303);
    return {
      url,
      method: becomesGet ? 'GET' : from.method,
      body: becomesGet ? undefined : from.body,
      headers: headersFor(from, url, becomesGet),
    };
  }
}

interface Hop {
  url: URL;
  method: 'GET' | 'POST';
  headers: Readonly<Record<string, string>>;
  body?: string;
}

/** What only describes the body may go anywhere with it; every other header may be a secret between the caller and the first origin. */
function headersFor(from: Hop, url: URL, becomesGet: boolean): Readonly<Record<string, string>> {
  const sameOrigin = url.origin === from.url.origin;
  const kept = Object.entries(from.headers).filter(([name]) =>
    OF_BODY.test(name) ? !becomesGet : sameOrigin || /^accept$/i.test(name),
  );
  return Object.fromEntries(kept);
}

function statusOf({ statusCode }: IncomingMessage): number {
  if (statusCode === undefined || statusCode < 100) throw new EgressFailure('malformed', 'The answer is not valid HTTP.');
  return statusCode;
}
