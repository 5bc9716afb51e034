import type { FastifyReply, FastifyRequest } from 'fastify';

/** For what no browser shows as a page. */
const NOTHING = "default-src 'none'; frame-ancestors 'none'";
/** For the dashboard: its own files, and nothing that stands within a page. */
const OWN_FILES =
  "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
/** Swagger UI has its styles within its page. */
const DOCS =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** What every answer says, whatever it is an answer to. */
export const ALWAYS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-frame-options': 'DENY',
  'cache-control': 'no-store',
};

/** The headers of an answer whose route does not matter. */
export const BARE: Readonly<Record<string, string>> = { ...ALWAYS, 'content-security-policy': NOTHING };

const HSTS = 'max-age=31536000';

/** Gives an answer the headers that keep browsers from doing with it what it is not for. */
export function secure(request: FastifyRequest, reply: FastifyReply): void {
  reply.headers(ALWAYS);
  reply.header('content-security-policy', policyFor(request.url));
  if (request.protocol === 'https') reply.header('strict-transport-security', HSTS);
}

function policyFor(url: string): string {
  if (url.startsWith('/api/') || url.startsWith('/openapi.json')) return NOTHING;
  return /^\/docs(?:[/?]|$)/.test(url) ? DOCS : OWN_FILES;
}
