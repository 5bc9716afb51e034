import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

/** A file to import, and what must become of it. */
export interface SampleFile {
  name: string;
  content: Uint8Array;
  records: number;
  /** The lines of the rows that cannot be taken over. */
  badLines: number[];
}

const PARQUET = readFileSync(new URL('../data/imports/snappy.parquet', import.meta.url));

/** A file of one of all formats, with `rows` rows of which the `bad`-th is broken; its name says nothing about its format. */
export function sampleFile(index: number, rows = 20, bad = 7): SampleFile {
  const make = [csv, utf16Tsv, packedCsv, txt, json, ndjson, xml, parquet][index % 8]!;
  return { name: `file ${index}.dat`, ...make(rows, bad) };
}

type Made = Omit<SampleFile, 'name'>;

const row = (n: number) => ({ id: n, name: `Name ${n}`, text: 'some "quoted", text' });
const each = (rows: number, line: (n: number) => string) => Array.from({ length: rows }, (_, index) => line(index + 1));

function csv(rows: number, bad: number): Made {
  const lines = each(rows, (n) => (n === bad ? `${n},"never closed` : `${n},Name ${n},"some ""quoted"", text"`));
  return made(['id,name,text', ...lines].join('\r\n'), rows, [bad + 1]);
}

function utf16Tsv(rows: number, bad: number): Made {
  const lines = each(rows, (n) => (n === bad ? `${n}` : `${n}\tNäme ${n}\tx`));
  return { ...made('', rows, [bad + 1]), content: Buffer.from(['\ufeffid\tname\ttext', ...lines].join('\n'), 'utf16le') };
}

function packedCsv(rows: number, bad: number): Made {
  const { content, ...rest } = csv(rows, bad);
  return { content: gzipSync(content), ...rest };
}

function txt(rows: number): Made {
  return made(each(rows, (n) => `line ${n} of a text`).join('\n'), rows, []);
}

function json(rows: number, bad: number): Made {
  return made(`[\n${each(rows, (n) => (n === bad ? '"no object"' : JSON.stringify(row(n)))).join(',\n')}\n]`, rows, [bad + 1]);
}

function ndjson(rows: number, bad: number): Made {
  return made(each(rows, (n) => (n === bad ? '{"id":' : JSON.stringify(row(n)))).join('\n'), rows, [bad]);
}

function xml(rows: number): Made {
  const items = each(rows, (n) => `<item id="${n}"><name>Name &amp; ${n}</name></item>`);
  return made(`<?xml version="1.0"?>\n<items>\n${items.join('\n')}\n</items>`, rows, []);
}

function parquet(): Made {
  return { content: PARQUET, records: 1_000, badLines: [] };
}

function made(text: string, rows: number, badLines: number[]): Made {
  return { content: Buffer.from(text), records: rows - badLines.length, badLines };
}

/** CSV of ten fields, every row with a number of its own. */
export function largeCsv(rows: number): Buffer {
  const header = 'id,first,last,email,town,zip,amount,date,active,note\n';
  const lines = each(
    rows,
    (n) =>
      `${n},First${n % 97},Last${n % 89},user${n}@example.com,Town ${n % 50},${10_000 + (n % 90_000)},${n / 4},2026-01-${10 + (n % 20)},${n % 2 === 0},"note, ${n}"\n`,
  );
  return Buffer.from(header + lines.join(''));
}
