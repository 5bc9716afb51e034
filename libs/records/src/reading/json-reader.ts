import { endOfString } from './json-row.js';
import { takeJson } from './line-readers.js';
import { MAX_ROW_LENGTH, type RowSink } from './row-sink.js';
import type { TextReader } from './text-reader.js';

const [QUOTE, COMMA, FEED] = [0x22, 0x2c, 0x0a];
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Finds the elements of a JSON array, or objects that follow one another, and leaves each one to `JSON.parse`. An element that is no
 * JSON costs one row.
 */
export class JsonReader implements TextReader {
  private text = '';
  private at = 0;
  private line = 1;
  /** How many arrays and objects are open; the array that holds the rows counts. */
  private depth = 0;
  private inArray = false;
  private ended = false;
  /** Where the element begins that is being read, and in which line; -1 between elements. */
  private start = -1;
  private startLine = 1;
  private skipping = false;

  constructor(private readonly sink: RowSink) {}

  push(text: string, last: boolean): void {
    this.text += text;
    this.scan(last);
    if (last) return this.finish();
    const keepFrom = this.start === -1 ? this.at : this.start;
    this.text = this.text.slice(keepFrom);
    this.at -= keepFrom;
    if (this.start !== -1) this.start = 0;
    if (this.text.length > MAX_ROW_LENGTH) this.skip();
  }

  private scan(last: boolean): void {
    const { text } = this;
    while (this.at < text.length) {
      const code = text.charCodeAt(this.at);
      if (code === QUOTE) {
        const end = endOfString(text, this.at);
        if (end > text.length && !last) return;
        this.begin();
        this.at = Math.min(end, text.length);
      } else if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
        if (this.depth === 0 && code === OPEN_ARRAY && !this.inArray && this.start === -1) this.inArray = true;
        else this.begin();
        this.depth++;
        this.at++;
      } else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) {
        this.close();
      } else if (code === COMMA && this.depth <= this.base) {
        this.take(this.at);
        this.at++;
      } else {
        if (code === FEED) this.line++;
        else if (code > 0x20 && this.start === -1) this.begin();
        this.at++;
      }
    }
  }

  /** The depth between elements. */
  private get base(): number {
    return this.inArray ? 1 : 0;
  }

  private begin(): void {
    if (this.start !== -1) return;
    this.start = this.at;
    this.startLine = this.line;
  }

  private close(): void {
    if (this.depth <= this.base) this.take(this.at);
    else {
      this.at++;
      if (--this.depth === this.base) this.take(this.at);
      return;
    }
    if (this.inArray) this.ended = true;
    this.inArray = false;
    this.depth = 0;
    this.at++;
  }

  private take(end: number): void {
    if (this.start === -1) return;
    const json = this.text.slice(this.start, end).trim();
    this.start = -1;
    if (this.skipping) this.skipping = false;
    else if (json.includes('\ufffd')) this.sink.bad(this.startLine, 'holds bytes that are not of its encoding', json);
    else takeJson(this.sink, json, this.startLine);
  }

  /** The element is too long: it is left out, but its end is still looked for. */
  private skip(): void {
    if (!this.skipping) this.sink.bad(this.startLine, `is longer than ${MAX_ROW_LENGTH} characters`, this.text);
    this.skipping = true;
    // Of a string that goes on, only what may escape its end matters.
    this.text = this.at < this.text.length ? `"${escapeAtEnd(this.text)}` : '';
    this.at = 0;
    this.start = 0;
  }

  private finish(): void {
    const open = this.depth > this.base || (this.inArray && !this.ended);
    if (!open) return this.take(this.text.length);
    if (this.start === -1) this.begin();
    this.sink.bad(this.startLine, 'is not finished: the file ends in the middle', this.text.slice(this.start));
  }
}

function escapeAtEnd(text: string): string {
  let backslashes = 0;
  while (text.at(-1 - backslashes) === '\\') backslashes++;
  return '\\'.repeat(backslashes % 2);
}
