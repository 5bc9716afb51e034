import { FileRefused } from './file-refused.js';

/** A row that could not be taken over. */
export interface BadRow {
  /** Its number among all rows of the file, from 1. */
  row: number;
  /** The line it begins in, from 1; null in files without lines. */
  line: number | null;
  reason: string;
  /** The beginning of what stands there. */
  text: string;
}

/** Consecutive rows of a file, to be written together. */
export interface RowSlice {
  /** The number of the row before the first one. */
  after: number;
  /** The number of the last row, good or bad. */
  to: number;
  /** The numbers of the good rows, and each one's data as JSON text. */
  numbers: number[];
  rows: string[];
  errors: BadRow[];
  /** All names of fields that the file has shown so far, in their order. */
  fields: string[];
}

export interface SinkOptions {
  /** Rows up to this one were written before: they are counted and left out. */
  after: number;
  /** More bad rows than this, and the file is refused. */
  maxErrors: number;
  /** Most rows and most characters of one slice; a single row may be longer. */
  sliceRows: number;
  sliceLength: number;
  /** Writes a slice; the next one may be given before this resolves. */
  write: (slice: RowSlice) => Promise<void>;
}

/** How many rows of a file may be bad unless the client says. */
export const DEFAULT_MAX_ERRORS = 1_000;
/** Longest row as JSON, in characters. */
export const MAX_ROW_LENGTH = 1024 * 1024;
/** Most fields of a file. What comes beyond is in the rows, but not among the names that are known. */
export const MAX_FIELDS = 1_000;
const MAX_EXCERPT = 200;
/** Slices that may be on their way to the database while the next ones are read. */
const MOST_UNDER_WAY = 2;

/** Takes the rows of one file in their order, numbers them, and hands them on in slices. */
export class RowSink {
  private row = 0;
  private errorCount = 0;
  private length = 0;
  private slice: RowSlice;
  private readonly full: RowSlice[] = [];
  private readonly underWay: Promise<void>[] = [];
  private readonly known = new Set<string>();

  constructor(private readonly options: SinkOptions) {
    this.slice = this.newSlice(options.after);
  }

  /** @param json an object as JSON text. */
  good(json: string): void {
    const row = ++this.row;
    if (row <= this.options.after) return;
    this.slice.numbers.push(row);
    this.slice.rows.push(json);
    this.added(json.length);
  }

  /** @throws FileRefused when there are too many of them. */
  bad(line: number | null, reason: string, text: string): void {
    const row = ++this.row;
    if (++this.errorCount > this.options.maxErrors) {
      const where = line === null ? `row ${row}` : `line ${line}`;
      const most = this.options.maxErrors;
      throw new FileRefused(`More than ${most} bad row${most === 1 ? '' : 's'}; the last one is ${where}: ${reason}.`);
    }
    if (row <= this.options.after) return;
    this.slice.errors.push({ row, line, reason, text: text.slice(0, MAX_EXCERPT).toWellFormed() });
    this.added(MAX_EXCERPT);
  }

  /** Makes names of fields known. */
  fields(names: readonly string[]): void {
    for (const name of names) if (this.known.size < MAX_FIELDS) this.known.add(name);
  }

  /** Resolves when there is room for more rows; to be waited for after every piece of the file. */
  async drain(): Promise<void> {
    for (let slice = this.full.shift(); slice; slice = this.full.shift()) await this.send(slice);
  }

  /** Resolves when everything is written. Answers how many rows the file has. */
  async end(): Promise<number> {
    if (this.slice.to > this.slice.after) this.full.push(this.slice);
    await this.drain();
    await Promise.all(this.underWay);
    return this.row;
  }

  /** What was taken before the file turned out to be refused is written, too. */
  private added(length: number): void {
    this.slice.to = this.row;
    this.length += length;
    const { sliceRows, sliceLength } = this.options;
    if (this.slice.to - this.slice.after < sliceRows && this.length < sliceLength) return;
    this.slice.fields = [...this.known];
    this.full.push(this.slice);
    this.slice = this.newSlice(this.row);
    this.length = 0;
  }

  private async send(slice: RowSlice): Promise<void> {
    slice.fields = [...this.known];
    const written = this.options.write(slice);
    // Whoever waits for it meets the error; until then it must not count as unhandled.
    written.catch(() => undefined);
    this.underWay.push(written);
    if (this.underWay.length >= MOST_UNDER_WAY) await this.underWay.shift();
  }

  private newSlice(after: number): RowSlice {
    return { after, to: after, numbers: [], rows: [], errors: [], fields: [] };
  }
}
