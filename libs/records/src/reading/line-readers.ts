import { isFlatEnough, objectProblem } from './json-row.js';
import { MAX_ROW_LENGTH, type RowSink } from './row-sink.js';
import type { TextReader } from './text-reader.js';

const LINE_END = /\r\n|\r|\n/;

/** Cuts text into lines, whatever their ends. */
abstract class LineReader implements TextReader {
  private text = '';
  private line = 1;
  private skipping = false;

  constructor(protected readonly sink: RowSink) {}

  push(text: string, last: boolean): void {
    this.text += text;
    // A line end may be cut in two.
    const held = !last && this.text.endsWith('\r') ? '\r' : '';
    const lines = (held ? this.text.slice(0, -1) : this.text).split(LINE_END);
    this.text = lines.pop()! + held;
    for (const line of lines) this.end(line);
    if (last && this.text !== '') this.end(this.text);
    else if (this.text.length > MAX_ROW_LENGTH) this.tooLong();
  }

  protected abstract take(text: string, line: number): void;

  private end(text: string): void {
    if (this.skipping) this.skipping = false;
    else if (text.length > MAX_ROW_LENGTH) this.sink.bad(this.line, `is longer than ${MAX_ROW_LENGTH} characters`, text);
    else if (text.includes('\ufffd')) this.sink.bad(this.line, 'holds bytes that are not of its encoding', text);
    else this.take(text, this.line);
    this.line++;
  }

  private tooLong(): void {
    if (!this.skipping) this.sink.bad(this.line, `is longer than ${MAX_ROW_LENGTH} characters`, this.text);
    this.skipping = true;
    this.text = '';
  }
}

/** Every line is a row with one field, `text`; also empty ones. */
export class TxtReader extends LineReader {
  constructor(sink: RowSink) {
    super(sink);
    sink.fields(['text']);
  }

  protected take(text: string): void {
    this.sink.good(`{"text":${JSON.stringify(text)}}`);
  }
}

/** Every line is a JSON object; empty lines are none. */
export class NdjsonReader extends LineReader {
  protected take(text: string, line: number): void {
    const json = text.trim();
    if (json === '') return;
    takeJson(this.sink, json, line);
  }
}

/** Takes a JSON text that must be an object. */
export function takeJson(sink: RowSink, json: string, line: number): void {
  if (json.length > MAX_ROW_LENGTH) return sink.bad(line, `is longer than ${MAX_ROW_LENGTH} characters`, json);
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return sink.bad(line, 'is not JSON', json);
  }
  const problem = objectProblem(value) ?? (isFlatEnough(json) ? null : 'is nested too deep');
  if (problem !== null) return sink.bad(line, problem, json);
  sink.fields(Object.keys(value as object));
  sink.good(json);
}
