import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { FileRefused } from './file-refused.js';
import { MAX_ROW_DEPTH } from './json-row.js';
import { MAX_ROW_LENGTH, type RowSink } from './row-sink.js';
import type { TextReader } from './text-reader.js';

const NO_DOCTYPE = 'The document has a document type (DOCTYPE), which is not read.';
/** Longest text, comment or tag: no row may be longer. */
const MAX_QUIET = 2 * MAX_ROW_LENGTH;
/** Deepest nesting of a document, rows included. */
const MAX_DEPTH = 256;

/** An element within a row: its attributes and children by name, and the text beside them. */
interface Open {
  name: string;
  fields: Map<string, unknown[]>;
  text: string;
}

/**
 * Every element of one name is a row: its attributes (`@name`) and children are the fields; children that repeat are arrays. Document
 * types are refused, and with them all entities but the five that XML has by itself.
 */
export class XmlReader implements TextReader {
  private readonly parser = new SaxesParser();
  /** The elements around the one that is being read, by name. */
  private path: string[] = [];
  /** The row and the elements in it that are open; none outside of rows. */
  private readonly open: Open[] = [];
  private rowLine = 1;
  private length = 0;
  private problem: string | null = null;
  /** Characters since the parser last said something: it holds them in memory. */
  private quiet = 0;

  constructor(
    private readonly element: string,
    private readonly sink: RowSink,
  ) {
    forbidDoctype(this.parser);
    this.parser.on('opentag', (tag) => this.opened(tag));
    this.parser.on('text', (text) => this.said(text));
    this.parser.on('cdata', (text) => this.said(text));
    this.parser.on('closetag', () => this.closed());
  }

  push(text: string, last: boolean): void {
    this.quiet += text.length;
    this.parser.write(text);
    if (this.quiet > MAX_QUIET) throw new FileRefused(`The document has a part of more than ${MAX_QUIET} characters.`);
    if (last) this.parser.close();
  }

  private opened({ name, attributes }: SaxesTagPlain): void {
    this.quiet = 0;
    goDown(this.path, name);
    if (this.open.length === 0 && name !== this.element && this.path.join('/') !== this.element) return;
    if (this.open.length === 0) {
      this.rowLine = this.parser.line;
      this.length = 0;
      this.problem = null;
    }
    const fields = new Map(Object.entries(attributes).map(([key, value]) => [`@${key}`, [value as unknown]]));
    this.open.push({ name, fields, text: '' });
    if (this.open.length > MAX_ROW_DEPTH) this.problem ??= 'is nested too deep';
    this.grew(name.length + Object.entries(attributes).join('').length);
  }

  private said(text: string): void {
    this.quiet = 0;
    const element = this.open.at(-1);
    if (!element) return;
    this.grew(text.length);
    if (this.problem === null) element.text += text;
    if (text.includes('\ufffd')) this.problem ??= 'holds bytes that are not of its encoding';
  }

  private closed(): void {
    this.path.pop();
    const element = this.open.pop();
    if (!element) return;
    const parent = this.open.at(-1);
    if (!parent) return this.take(element);
    if (this.problem !== null) return;
    const value = valueOf(element);
    const values = parent.fields.get(element.name);
    if (values) values.push(value);
    else parent.fields.set(element.name, [value]);
  }

  private take(row: Open): void {
    if (this.problem !== null) return this.sink.bad(this.rowLine, this.problem, `<${row.name}>`);
    const value = valueOf(row);
    const json = JSON.stringify(typeof value === 'string' ? { '#text': value } : value);
    this.sink.fields(typeof value === 'string' ? ['#text'] : Object.keys(value));
    this.sink.good(json);
  }

  private grew(length: number): void {
    this.length += length;
    if (this.length > MAX_ROW_LENGTH) this.problem ??= `is longer than ${MAX_ROW_LENGTH} characters`;
  }
}

/** The element that repeats first from the outside, as a path, in the beginning of a document. */
export function repeatingElement(sample: string): string {
  const counts = new Map<string, number>();
  const path: string[] = [];
  const parser = new SaxesParser();
  forbidDoctype(parser);
  parser.on('opentag', ({ name }) => {
    goDown(path, name);
    const key = path.join('/');
    counts.set(key, (counts.get(key) ?? 0) + 1);
  });
  parser.on('closetag', () => path.pop());
  parser.write(sample);

  const depthOf = (key: string) => key.split('/').length;
  const repeated = [...counts].filter(([key, count]) => count > 1 && depthOf(key) > 1);
  const [outermost] = repeated.sort((a, b) => depthOf(a[0]) - depthOf(b[0]) || b[1] - a[1]);
  // Nothing repeats: a list of one, or else the document is the row.
  const children = [...counts.keys()].filter((key) => depthOf(key) === 2);
  const found = outermost?.[0] ?? (children.length === 1 ? children[0] : [...counts.keys()][0]);
  // The parser speaks of a document type when it is over, which may be later.
  if (found === undefined && /<!doctype/i.test(sample)) throw new FileRefused(NO_DOCTYPE);
  if (found === undefined) throw new FileRefused('The document has no elements.');
  return found;
}

/** @throws FileRefused */
function goDown(path: string[], name: string): void {
  if (path.push(name) > MAX_DEPTH) throw new FileRefused(`The document is nested deeper than ${MAX_DEPTH} elements.`);
}

function forbidDoctype(parser: SaxesParser): void {
  parser.on('doctype', () => {
    throw new FileRefused(NO_DOCTYPE);
  });
  parser.on('error', (error) => {
    throw new FileRefused(`The file is not well-formed XML: line ${parser.line}: ${error.message.replace(/^.*?\d+:\d+: /, '')}`);
  });
}

function valueOf({ fields, text }: Open): string | Record<string, unknown> {
  const words = text.trim();
  if (fields.size === 0) return words;
  // Without a prototype, so that any name is just a name.
  const value = Object.create(null) as Record<string, unknown>;
  for (const [name, values] of fields) value[name] = values.length === 1 ? values[0] : values;
  if (words !== '') value['#text'] = words;
  return value;
}
