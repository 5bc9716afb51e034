import { STATUSES } from '../../api/types';
import { KEYS, quoted, tokensOf, type Key } from './query';

export interface Suggestion {
  /** What is shown. */
  text: string;
  hint: string;
  /** The whole bar after it was taken. */
  result: string;
  /** Where the cursor is then. */
  cursor: number;
}

const HINTS: Record<Key, string> = {
  type: 'kind of task',
  status: 'one or several, by commas',
  tag: 'has the tag',
  after: 'submitted after: 24h, 2027-01-31',
  before: 'submitted before',
  schedule: 'made by a schedule',
};
const SPANS = ['15m', '1h', '24h', '7d'];
const MOST = 8;

/** What could be meant at the cursor. @param types the names of the types, @param tags those that were seen */
export function suggestionsFor(text: string, cursor: number, types: readonly string[], tags: readonly string[]): Suggestion[] {
  const token = tokensOf(text).find(({ start, end }) => start < cursor && cursor <= end);
  const typed = token ? text.slice(token.start, cursor) : '';
  const [start, end] = token ? [token.start, token.end] : [cursor, cursor];
  const [, name, begun] = /^([a-z]+):(.*)$/i.exec(typed) ?? [];
  const key = KEYS.find((known) => known === name?.toLowerCase());
  const replaced = (word: string, isWhole: boolean): Pick<Suggestion, 'result' | 'cursor'> => {
    const insert = isWhole ? `${word} ` : word;
    return { result: text.slice(0, start) + insert + text.slice(end).trimStart(), cursor: start + insert.length };
  };
  if (key === undefined) {
    return KEYS.filter((known) => known.startsWith(typed.toLowerCase()))
      .map((known) => ({ text: `${known}:`, hint: HINTS[known], ...replaced(`${known}:`, false) }))
      .slice(0, MOST);
  }
  const values = { type: types, status: STATUSES, tag: tags, after: SPANS, before: SPANS, schedule: [] }[key];
  const wanted = begun!.replace(/^"/, '').toLowerCase();
  return values
    .filter((value) => value.toLowerCase().includes(wanted) && value.toLowerCase() !== wanted)
    .map((value) => ({ text: value, hint: key, ...replaced(`${key}:${quoted(value)}`, true) }))
    .slice(0, MOST);
}
