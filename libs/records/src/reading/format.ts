import { detectDialect, type CsvDialect } from './csv-dialect.js';
import { decoderOf, detectEncoding } from './encoding.js';
import { FileRefused } from './file-refused.js';
import type { ImportFormat, ImportOptions } from '../import-options.js';

/** What a file is, and how its rows are to be found. */
export type Format =
  | { name: 'parquet' }
  | { name: 'txt' | 'json' | 'ndjson' | 'xml'; encoding: string }
  | { name: 'csv' | 'tsv'; encoding: string; dialect: CsvDialect };

/** What else files are, that people send by mistake. */
const OTHERS: readonly [name: string, bytes: string][] = [
  ['a ZIP archive (or a document of Word, Excel or OpenOffice)', 'PK\x03\x04'],
  ['an empty ZIP archive', 'PK\x05\x06'],
  ['a 7z archive', '7z\xbc\xaf\x27\x1c'],
  ['a RAR archive', 'Rar!\x1a\x07'],
  ['an lz4 archive', '\x04\x22\x4d\x18'],
  ['an encrypted Parquet file', 'PARE'],
  ['an Avro file', 'Obj\x01'],
  ['an Arrow file', 'ARROW1'],
  ['a program', '\x7fELF'],
  ['a program', 'MZ\x90\0'],
  ['a PDF document', '%PDF-'],
  ['a GIF image', 'GIF8'],
  ['a PNG image', '\x89PNG'],
  ['a JPEG image', '\xff\xd8\xff'],
  ['a bzip2 archive', 'BZh'],
  ['an xz archive', '\xfd7zXZ'],
  ['a Zstandard archive', '\x28\xb5\x2f\xfd'],
  ['an SQLite database', 'SQLite format 3\0'],
  ['an old Office document', '\xd0\xcf\x11\xe0'],
];

/** The format of a file by its beginning, never by its name; what the options say goes first. @throws FileRefused */
export function detectFormat(sample: Uint8Array, options: ImportOptions): Format {
  const start = Buffer.from(sample.subarray(0, 64)).toString('latin1');
  if (start.startsWith('PAR1')) return { name: 'parquet' };
  if (options.format === 'parquet') throw new FileRefused('The file is no Parquet.');
  const other = OTHERS.find(([, bytes]) => start.startsWith(bytes));
  if (other) throw new FileRefused(`The file is ${other[0]}, and not of a format that is read.`);

  const encoding = encodingOf(sample, options);
  const text = decoderOf(encoding).decode(sample, { stream: true });
  const name = options.format ?? nameOf(text);
  if (name === 'csv' || name === 'tsv' || name === undefined) {
    const { header, quote } = options;
    const delimiter = options.delimiter ?? (name === 'tsv' ? '\t' : undefined);
    const dialect = detectDialect(text, { delimiter, quote, header });
    if (dialect) return { name: dialect.delimiter === '\t' ? 'tsv' : 'csv', encoding, dialect };
    // One column.
    if (name) return { name, encoding, dialect: { delimiter: ',', quote: quote ?? '"', header: header ?? true } };
    return { name: 'txt', encoding };
  }
  return { name: name as 'txt' | 'json' | 'ndjson' | 'xml', encoding };
}

function encodingOf(sample: Uint8Array, { encoding }: ImportOptions): string {
  if (encoding !== undefined) return decoderOf(encoding).encoding;
  const detected = detectEncoding(sample);
  const declaration = /^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([^"']{1,40})["']/.exec(
    decoderOf(detected).decode(sample.subarray(0, 512), { stream: true }),
  );
  if (!declaration) return detected;
  const declared = decoderOf(declaration[1]!).encoding;
  const isWide = (name: string) => name.startsWith('utf-16');
  if (isWide(declared) !== isWide(detected)) throw new FileRefused(`The file says that it is in ${declared}, but it is not.`);
  return isWide(detected) ? detected : declared;
}

/** Undefined if it may be delimited text. */
function nameOf(text: string): ImportFormat | undefined {
  const start = text.trimStart();
  if (/^<(?:[?!]|[\p{L}_])/u.test(start)) return 'xml';
  if (/^\[\s*(?:[[{"\d\-\]]|true|false|null|$)/.test(start)) return 'json';
  if (!/^\{\s*(?:"|\}|$)/.test(start)) return undefined;
  const line = start.slice(0, start.search(/[\r\n]|$/));
  try {
    JSON.parse(line);
    return 'ndjson';
  } catch {
    return line.length === start.length ? 'ndjson' : 'json';
  }
}
