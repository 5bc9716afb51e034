import { descend, readPointers, type Pattern } from './pointer.js';

/** What stands in the place of what is hidden. */
export const HIDDEN = '[redacted]';

/** Shorter values occur in any text by chance. */
const SHORTEST_VALUE = 4;

/** `name: value`, `name=value`, `"name":"value"` and `Authorization: Bearer value`, with names that mean a secret. */
const NAMED =
  /((?:[\w-]*(?:password|passwd|secret|token|api[_-]?key|authorization)[\w-]*)\\*["']?\s*[:=]\s*\\*["']?(?:(?:bearer|basic)\s+)?)([^\s"',;&}\]\\]+)/gi;
const BEARER = /\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}/gi;
const API_KEY = /\btw_[0-9A-Za-z]{20,}/g;
/** Nothing of the above is in a text without one of these. */
const SUSPECT = /passw|secret|token|key|authorization|bearer|basic|tw_/i;

/** Hides what people who only look on must not see, and logs must not hold. */
export class Redactor {
  private readonly patterns: Pattern[];

  /** @param pointers which members of payloads and the like to hide; see {@link readPointers}. */
  constructor(pointers: string) {
    this.patterns = readPointers(pointers);
  }

  /**
   * A copy of a JSON value without what is to be hidden.
   *
   * @param found takes the texts that were hidden, so that they can be hidden elsewhere.
   */
  json(value: unknown, found?: Set<string>): unknown {
    return this.patterns.length === 0 ? value : this.copy(value, this.patterns, found);
  }

  /** A text without these values, and without what looks like a secret by itself. */
  text(text: string, values: Iterable<string> = []): string {
    let hidden = scrub(text);
    for (const value of values) hidden = hidden.replaceAll(value, HIDDEN);
    return hidden;
  }

  private copy(value: unknown, patterns: readonly Pattern[], found: Set<string> | undefined): unknown {
    if (typeof value !== 'object' || value === null || patterns.length === 0) return value;
    if (Array.isArray(value)) return value.map((item, index) => this.member(item, String(index), patterns, found));
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, this.member(item, name, patterns, found)]));
  }

  private member(value: unknown, name: string, patterns: readonly Pattern[], found: Set<string> | undefined): unknown {
    const next = descend(patterns, name);
    if (!next.some((pattern) => pattern.length === 0)) return this.copy(value, next, found);
    if (found) collect(value, found);
    return value === null ? null : HIDDEN;
  }
}

/** A text without what looks like a secret by itself: keys, and values with a name that says so. */
export function scrub(text: string): string {
  if (!SUSPECT.test(text)) return text;
  return text.replaceAll(API_KEY, HIDDEN).replaceAll(NAMED, `$1${HIDDEN}`).replaceAll(BEARER, `$1 ${HIDDEN}`);
}

function collect(value: unknown, found: Set<string>): void {
  if (typeof value === 'string' || typeof value === 'number') {
    if (String(value).length >= SHORTEST_VALUE) found.add(String(value));
  } else if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) collect(member, found);
  }
}
