import type { IncomingMessage } from 'node:http';
import { HttpProblem, malformed } from '../http/http-problem.js';

/** How a client says who it is, as far as it does: by a key, or by the token of a session. */
export interface Credentials {
  /** Of `Authorization: Bearer` or `X-API-Key`; not necessarily a key. */
  key: string | null;
  /** Another scheme of `Authorization`. */
  otherScheme: boolean;
  /** Of the session's cookie. */
  token: string | null;
}

const AUTHORIZATION = 'authorization';
const API_KEY = 'x-api-key';
const BEARER = /^bearer +(\S+) *$/i;
const KEY_IN_QUERY = /[?&](?:(?:api[_-]?key|access[_-]?token|x-api-key)=|[^=&]*=tw_[0-9A-Za-z]{20,})/i;

/** @throws HttpProblem for a request that says it twice, or where everybody can read it */
export function credentialsOf(request: IncomingMessage, cookieName: string): Credentials {
  const { authorization, cookie } = request.headers;
  const apiKey = request.headers['x-api-key'];
  if (request.url?.includes('?') && KEY_IN_QUERY.test(request.url)) {
    throw new HttpProblem(
      400,
      'key_in_query',
      'A key does not belong into a URL, which ends up in logs: send it as Authorization: Bearer.',
    );
  }
  if (authorization === undefined && apiKey === undefined) {
    return { key: null, otherScheme: false, token: cookie === undefined ? null : cookieOf(cookie, cookieName) };
  }
  if (saysTwice(request.rawHeaders)) {
    throw malformed('The request must carry one key: one Authorization, or one X-API-Key.');
  }
  if (apiKey !== undefined) return { key: String(apiKey), otherScheme: false, token: null };
  const bearer = BEARER.exec(authorization!)?.[1];
  return { key: bearer ?? null, otherScheme: bearer === undefined, token: null };
}

/** Node keeps the first Authorization of several, and joins several X-API-Key with commas; the raw headers have them all. */
function saysTwice(rawHeaders: readonly string[]): boolean {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!;
    if (name.length === AUTHORIZATION.length && name.toLowerCase() === AUTHORIZATION) count++;
    else if (name.length === API_KEY.length && name.toLowerCase() === API_KEY) count++;
  }
  return count > 1;
}

/** The value of a cookie; null without it, and if there are several: only one can be ours. */
function cookieOf(header: string, name: string): string | null {
  const values = header
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  return values.length === 1 ? values[0]! : null;
}
