import { FileRefused } from './file-refused.js';
import { MAX_ROW_LENGTH, type RowSink } from './row-sink.js';
import { TextRow, fieldNames } from './text-row.js';
import type { CsvDialect } from './csv-dialect.js';
import type { TextReader } from './text-reader.js';

/** What stands at a position of the text: a whole record, something broken, or the beginning of something that goes on. */
type Found = { cells: string[]; end: number; lines: number } | { problem: string } | 'incomplete';

const BAD_CHARACTER = '\ufffd';

/**
 * Reads delimited text by RFC 4180, with any of the three line ends, also mixed. A quote within an unquoted field stands for itself.
 *
 * After a record that cannot be read, reading goes on in the line after the one where the record began: a quote that is never closed
 * costs one row, not the rest of the file.
 */
export class CsvReader implements TextReader {
  private text = '';
  private line = 1;
  private row?: TextRow;
  /** In a record that is too long: everything up to the next line end is left out. */
  private skipping = false;
  private readonly quotes: Occurrences;
  private readonly returns = new Occurrences('\r');

  constructor(
    private readonly dialect: CsvDialect,
    private readonly sink: RowSink,
  ) {
    this.quotes = new Occurrences(dialect.quote);
  }

  push(text: string, last: boolean): void {
    this.text = this.text === '' ? text : this.text + text;
    this.quotes.reset();
    this.returns.reset();
    let at = 0;
    while (at < this.text.length) {
      if (this.skipping) {
        const end = this.endOfLine(at, last);
        if (end === -1) {
          at = this.text.length;
          break;
        }
        this.skipping = false;
        this.line++;
        at = end;
        continue;
      }
      const found = this.recordAt(at, last);
      if (found === 'incomplete') {
        if (this.text.length - at <= MAX_ROW_LENGTH) break;
        at = this.leaveOut(at, `is longer than ${MAX_ROW_LENGTH} characters, or a quote is not closed`, last);
      } else if ('problem' in found) {
        at = this.leaveOut(at, found.problem, last);
      } else {
        this.take(found.cells, this.text.slice(at, found.end));
        this.line += found.lines;
        at = found.end;
      }
    }
    this.text = this.text.slice(at);
  }

  private take(cells: string[], text: string): void {
    if (cells.length === 1 && cells[0] === '' && !text.startsWith(this.dialect.quote)) return;
    if (!this.row) {
      const names = fieldNames(this.dialect.header ? cells : cells.map(() => ''));
      this.row = new TextRow(names);
      this.sink.fields(names);
      if (this.dialect.header) return;
    }
    const expected = this.row.names.length;
    if (text.length > MAX_ROW_LENGTH) this.sink.bad(this.line, `is longer than ${MAX_ROW_LENGTH} characters`, text);
    else if (cells.length !== expected) this.sink.bad(this.line, `has ${cells.length} fields, not ${expected}`, text);
    else if (text.includes(BAD_CHARACTER)) this.sink.bad(this.line, 'holds bytes that are not of its encoding', text);
    else this.sink.good(this.row.json(cells));
  }

  /** Notes that the record at a position is bad; answers where its first line ends. @throws FileRefused for the names of the fields */
  private leaveOut(at: number, reason: string, last: boolean): number {
    if (this.dialect.header && !this.row) throw new FileRefused(`Line ${this.line}, which names the fields, ${reason}.`);
    const end = this.endOfLine(at, last);
    this.sink.bad(this.line, reason, this.text.slice(at, end === -1 ? at + 1_000 : end));
    if (end === -1) {
      this.skipping = true;
      return this.text.length;
    }
    this.line++;
    return end;
  }

  private recordAt(start: number, last: boolean): Found {
    const { text } = this;
    const { delimiter, quote } = this.dialect;
    const end = this.endOfLine(start, last);
    const quoteAt = quote === '' ? -1 : this.nextQuote(start);
    if (end !== -1 && (quoteAt === -1 || quoteAt >= end)) {
      return { cells: text.slice(start, this.contentEnd(start, end)).split(delimiter), end, lines: 1 };
    }
    if (end === -1 && quoteAt === -1) return 'incomplete';
    return this.quotedRecordAt(start, last);
  }

  private quotedRecordAt(start: number, last: boolean): Found {
    const { text } = this;
    const { delimiter, quote } = this.dialect;
    const cells: string[] = [];
    let lines = 1;
    let at = start;
    for (;;) {
      if (text.startsWith(quote, at)) {
        const close = this.closingQuote(at + 1);
        if (close === -1) return last ? { problem: 'has a quote that is not closed' } : 'incomplete';
        const raw = text.slice(at + 1, close);
        lines += lineEndsIn(raw);
        cells.push(raw.includes(quote) ? raw.replaceAll(quote + quote, quote) : raw);
        at = close + 1;
        if (at >= text.length && !last) return 'incomplete';
      } else {
        const end = this.endOfLine(at, last);
        const next = text.indexOf(delimiter, at);
        if (end === -1 && next === -1) return 'incomplete';
        const stop = next !== -1 && (end === -1 || next < end) ? next : this.contentEnd(at, end);
        cells.push(text.slice(at, stop));
        at = stop;
      }
      if (text.startsWith(delimiter, at)) {
        at += delimiter.length;
        continue;
      }
      const end = this.endOfLine(at, last);
      if (end === -1) return 'incomplete';
      if (this.contentEnd(at, end) !== at) return { problem: 'has text between a closing quote and the next field' };
      return { cells, end, lines };
    }
  }

  private closingQuote(from: number): number {
    const { quote } = this.dialect;
    let at = this.text.indexOf(quote, from);
    while (at !== -1 && this.text.startsWith(quote, at + 1)) at = this.text.indexOf(quote, at + 2);
    return at;
  }

  /** The next quote at or after a position. */
  private nextQuote(from: number): number {
    return this.quotes.next(this.text, from);
  }

  /** The position after the line that a position is in; -1 if its end is not there yet. */
  private endOfLine(from: number, last: boolean): number {
    const { text } = this;
    const feed = text.indexOf('\n', from);
    const back = this.returns.next(text, from);
    if (back === -1 || (feed !== -1 && feed < back)) {
      if (feed !== -1) return feed + 1;
      return last ? text.length : -1;
    }
    if (back + 1 === text.length) return last ? text.length : -1;
    return text.charCodeAt(back + 1) === 0x0a ? back + 2 : back + 1;
  }

  private contentEnd(start: number, end: number): number {
    let stop = end;
    if (stop > start && this.text.charCodeAt(stop - 1) === 0x0a) stop--;
    if (stop > start && this.text.charCodeAt(stop - 1) === 0x0d) stop--;
    return stop;
  }
}

function lineEndsIn(text: string): number {
  return text.includes('\n') || text.includes('\r') ? text.split(/\r\n|\r|\n/).length - 1 : 0;
}

/** Where a character occurs in a text: looked for once, not for every line before it. */
class Occurrences {
  private from = 0;
  /** The first one at or after `from`; undefined as long as nobody looked. */
  private at?: number;

  constructor(private readonly character: string) {}

  /** Another text, or none of this any more. */
  reset(): void {
    this.at = undefined;
  }

  next(text: string, from: number): number {
    if (this.at === undefined || from < this.from || (this.at !== -1 && this.at < from)) {
      this.from = from;
      this.at = text.indexOf(this.character, from);
    }
    return this.at;
  }
}
