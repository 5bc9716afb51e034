import { hash } from 'node:crypto';
import { malformed } from './http-problem.js';

const POINTER = '/header/idempotency-key';
const MAX_LENGTH = 255;

/**
 * The key that an `Idempotency-Key` header names; undefined without the header.
 *
 * The draft writes it as a structured-field string, most clients write it bare: `"k"` and `k` are the same key. Spaces inside
 * the quotes belong to the key, so `"k "` is another one.
 *
 * @throws HttpProblem for an empty, overlong or malformed key.
 */
export function idempotencyKey(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  const key = unquoted(String(header));
  if (key.length === 0) throw malformed('The Idempotency-Key is empty.', POINTER);
  if (key.length > MAX_LENGTH) throw malformed(`The Idempotency-Key is longer than ${MAX_LENGTH} characters.`, POINTER);
  if (!/^[\x20-\x7e]*$/.test(key))
    throw malformed('The Idempotency-Key may hold visible ASCII characters and spaces only.', POINTER);
  return key;
}

/** The same for every spelling of the same request: names of objects in any order, any white space. */
export function fingerprint(route: string, body: unknown): string {
  return hash('sha256', `${route}\n${canonical(body)}`, 'hex');
}

/** @throws HttpProblem for what starts as a structured-field string (RFC 9651, 3.3.3) and does not end as one. */
function unquoted(header: string): string {
  if (!header.startsWith('"')) return header;
  const inner = /^"((?:[^"\\]|\\["\\])*)"$/.exec(header)?.[1];
  if (inner === undefined) throw malformed('The Idempotency-Key begins with a quote, but is not a quoted string.', POINTER);
  return inner.replaceAll(/\\(["\\])/g, '$1');
}

/** JSON with sorted names. Recursion is safe here: the body has passed the limit of nesting. */
function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const members = value as Record<string, unknown>;
  const names = Object.keys(members).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(members[name])}`).join(',')}}`;
}
