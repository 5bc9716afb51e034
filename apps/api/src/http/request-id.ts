import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const SANE = /^[A-Za-z0-9._:/+=-]{1,128}$/;

/** Different in every process, so that a counter is enough for each request. */
const prefix = randomBytes(9).toString('base64url');
let count = 0;

/** The client's `X-Request-Id` if it is a plain token, or else a new one. */
export function requestId({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && SANE.test(given) ? given : newRequestId();
}

export function newRequestId(): string {
  return `${prefix}-${(++count).toString(36)}`;
}
