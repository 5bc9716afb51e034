/** How delimited text is written. */
export interface CsvDialect {
  delimiter: string;
  quote: string;
  /** True if the first record holds the names of the fields. */
  header: boolean;
}

const DELIMITERS = [',', '\t', ';', '|'];
const MOST_LINES = 50;

/**
 * Finds out how delimited text is written, from its beginning: the delimiter that occurs equally often in most lines. Null if there is
 * none, so that the lines are just lines.
 *
 * @param wished what the client says about it.
 */
export function detectDialect(sample: string, wished: Partial<CsvDialect>): CsvDialect | null {
  const quote = wished.quote ?? likelyQuote(sample);
  const lines = sampleLines(sample, quote);
  const delimiter = wished.delimiter ?? likelyDelimiter(lines, quote);
  if (delimiter === null) return null;
  const records = lines.map((line) => cellsOf(line, delimiter, quote));
  return { delimiter, quote, header: wished.header ?? looksLikeHeader(records) };
}

function likelyQuote(sample: string): string {
  const count = (quote: string) => sample.split(new RegExp(`(?:^|[,;\\t|\\r\\n])${quote}|${quote}(?=[,;\\t|\\r\\n]|$)`)).length;
  return count("'") > count('"') ? "'" : '"';
}

/** Records that are whole in the sample; a line end within quotes does not end one. */
function sampleLines(sample: string, quote: string): string[] {
  const lines: string[] = [];
  let record = '';
  for (const line of sample.split(/\r\n|\r|\n/)) {
    record = record === '' ? line : `${record}\n${line}`;
    if (record.split(quote).length % 2 === 0 && record.length < 10_000) continue;
    if (record !== '') lines.push(record);
    record = '';
    if (lines.length === MOST_LINES) return lines;
  }
  // The last line may be cut.
  return lines.length > 1 && !/[\r\n]$/.test(sample) ? lines.slice(0, -1) : lines;
}

function likelyDelimiter(lines: readonly string[], quote: string): string | null {
  let best: { delimiter: string; score: number } | null = null;
  for (const delimiter of DELIMITERS) {
    const counts = lines.map((line) => cellsOf(line, delimiter, quote).length - 1);
    const usual = mostFrequent(counts.filter((count) => count > 0));
    if (usual === null) continue;
    const share = counts.filter((count) => count === usual).length / counts.length;
    const score = share + Math.min(usual, 20) / 1_000;
    if (share >= 0.6 && (!best || score > best.score)) best = { delimiter, score };
  }
  return best?.delimiter ?? null;
}

function mostFrequent(counts: readonly number[]): number | null {
  const times = new Map<number, number>();
  for (const count of counts) times.set(count, (times.get(count) ?? 0) + 1);
  return [...times].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}

function cellsOf(line: string, delimiter: string, quote: string): string[] {
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (const character of line) {
    if (character === quote) quoted = !quoted;
    else if (character === delimiter && !quoted) {
      cells.push(cell);
      cell = '';
    } else cell += character;
  }
  return [...cells, cell];
}

const VALUE = /^(?:[+-]?[\d.,]+%?|\d{4}-\d\d-\d\d.*|\d{1,2}[./]\d{1,2}[./]\d{2,4}|true|false|null|.*@.*\..*)$/i;

/** Names are no values. Where one is missing or comes twice, it takes a column of values below its name to tell. */
function looksLikeHeader([first, ...rest]: readonly (readonly string[])[]): boolean {
  if (!first) return true;
  const names = first.map((cell) => cell.trim());
  if (names.some((name) => VALUE.test(name))) return false;
  const below = names.map((_, index) => rest.map((cells) => cells[index]?.trim() ?? ''));
  const isWhole = !names.includes('') && new Set(names).size === names.length;
  const isAboveValues = names.some(
    (name, index) => name !== '' && rest.length > 0 && below[index]!.every((cell) => VALUE.test(cell)),
  );
  if (!isWhole && !isAboveValues) return false;
  // A value that comes again in the column of its name is no name.
  return !names.some((name, index) => name !== '' && below[index]!.includes(name));
}
