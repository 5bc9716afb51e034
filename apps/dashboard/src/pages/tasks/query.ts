import { STATUSES, type Status } from '../../api/types';

/** What the query bar asks for, as the API takes it. */
export interface TaskQuery {
  type?: string;
  status?: string;
  tag?: string;
  schedule?: string;
  created_after?: string;
  created_before?: string;
  q?: string;
}

export const KEYS = ['type', 'status', 'tag', 'after', 'before', 'schedule'] as const;
export type Key = (typeof KEYS)[number];

const TOKEN = /(?:([a-z]+):)?(?:"((?:[^"\\]|\\.)*)"?|(\S+))/gi;
const AGO = /^(\d+)(m|h|d)$/;
const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A word of the query bar: `status:FAILED`, or text to search for. */
export interface Token {
  key: Key | null;
  value: string;
  /** Where it stands in the text. */
  start: number;
  end: number;
}

export function tokensOf(text: string): Token[] {
  return [...text.matchAll(TOKEN)].map((match) => {
    const [whole, name, quoted, bare] = match;
    const key = KEYS.find((known) => known === name?.toLowerCase()) ?? null;
    const value = quoted === undefined ? bare! : quoted.replaceAll(/\\(.)/g, '$1');
    const place = { start: match.index, end: match.index + whole.length };
    return key === null && name !== undefined ? { key, value: whole, ...place } : { key, value, ...place };
  });
}

/** What a text asks for, and what in it means nothing. @param now for `after:24h` */
export function parseQuery(text: string, now: Date): { query: TaskQuery; mistakes: string[] } {
  const query: TaskQuery = {};
  const [words, mistakes, statuses]: [string[], string[], Set<Status>] = [[], [], new Set()];
  for (const { key, value } of tokensOf(text)) {
    if (key === null) words.push(value);
    else if (key === 'status') {
      for (const name of value.toUpperCase().split(',').filter(Boolean)) {
        if (isStatus(name)) statuses.add(name);
        else mistakes.push(`There is no status ${name}.`);
      }
    } else if (key === 'after' || key === 'before') {
      const at = instant(value, now);
      if (at === null) mistakes.push(`${key}: takes a date such as 2027-01-31, an instant, or 15m, 24h, 7d.`);
      else query[`created_${key}`] = at;
    } else query[key] = value;
  }
  if (statuses.size > 0) query.status = [...statuses].join(',');
  if (words.length > 0) query.q = words.join(' ');
  return { query, mistakes };
}

/** The text with one key set to a value, or without the key. */
export function withKey(text: string, key: Key, value: string | null): string {
  const kept = tokensOf(text).filter((token) => token.key !== key);
  const words = kept.map(({ start, end }) => text.slice(start, end));
  return (value === null ? words : [`${key}:${quoted(value)}`, ...words]).join(' ');
}

export function quoted(value: string): string {
  return /[\s"]/.test(value) || value === '' ? `"${value.replaceAll(/["\\]/g, '\\$&')}"` : value;
}

function isStatus(name: string): name is Status {
  return (STATUSES as readonly string[]).includes(name);
}

function instant(value: string, now: Date): string | null {
  const [, count, unit] = AGO.exec(value) ?? [];
  if (unit !== undefined) return new Date(now.getTime() - Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS]).toISOString();
  const date = /^\d{4}-\d{2}-\d{2}/.test(value) ? new Date(value.length === 10 ? `${value}T00:00:00` : value) : null;
  return date && !Number.isNaN(date.getTime()) ? date.toISOString() : null;
}
