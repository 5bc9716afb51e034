import type { FastifyRequest } from 'fastify';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** What is known of the page that made a request. */
export type Origin = 'own' | 'foreign' | 'unknown';

/** Whether a page of another site made the request, as the browser tells; a client that is no browser tells nothing. */
export function originOf(request: FastifyRequest): Origin {
  const { origin } = request.headers;
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || site === 'none' ? 'own' : 'foreign';
  if (origin === undefined) return 'unknown';
  return hostOf(origin) === request.host.toLowerCase() ? 'own' : 'foreign';
}

/** True for a request that may change something, and for one that opens a WebSocket: browsers let every page open one. */
export function mayChange({ method, headers }: FastifyRequest): boolean {
  return !SAFE.has(method) || headers.upgrade !== undefined;
}

/**
 * True if the client used a name that the world's name servers can make lead here: a page of that name would count as ours. Addresses and
 * names without a dot cannot be had there.
 */
export function isWorldName({ hostname }: FastifyRequest): boolean {
  const name = hostname.replace(/\.$/, '').toLowerCase();
  const isAddress = /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[[\da-f:.%]+\])$/.test(name);
  return name.includes('.') && !isAddress && !name.endsWith('.localhost');
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}
