import type { ImportOptions } from '../import-options.js';
import { CsvReader } from './csv-reader.js';
import { decoderOf } from './encoding.js';
import { FileRefused } from './file-refused.js';
import { detectFormat, type Format } from './format.js';
import { JsonReader } from './json-reader.js';
import { NdjsonReader, TxtReader } from './line-readers.js';
import { DEFAULT_MAX_ERRORS, RowSink, type SinkOptions } from './row-sink.js';
import type { TextReader } from './text-reader.js';
import { gunzip, isGzip, peek, type Bytes } from './unpack.js';
import { withUnpacked } from './unpacked-file.js';
import { XmlReader, repeatingElement } from './xml-reader.js';

/** A stored file as its reader gets at it. */
export interface StoredFile {
  /** In bytes. */
  size: number;
  /** The bytes from the beginning; may be called once. */
  bytes: () => Bytes;
  slice: (start: number, end: number) => Promise<ArrayBuffer>;
}

export interface ReadOptions extends Omit<SinkOptions, 'maxErrors'> {
  options: ImportOptions;
  /** Most bytes that a packed file may unpack to. */
  maxUnpackedBytes: number;
  /** Told how many bytes of the file are read. */
  onBytes: (bytes: number) => void;
}

/** What a file turned out to be. */
export interface ReadFile {
  format: string;
  /** Rows, good and bad. */
  rows: number;
}

/** Reads a file whose format shows in its content. @throws FileRefused when it cannot be read as a whole. */
export async function readFile(file: StoredFile, reading: ReadOptions): Promise<ReadFile> {
  const sink = new RowSink({ ...reading, maxErrors: reading.options.max_errors ?? DEFAULT_MAX_ERRORS });
  try {
    const format = await readInto(sink, file, reading);
    return { format, rows: await sink.end() };
  } catch (error) {
    // What came before stays.
    if (error instanceof FileRefused) await sink.end();
    throw error;
  }
}

async function readInto(sink: RowSink, file: StoredFile, reading: ReadOptions): Promise<string> {
  const stored = await peek(counted(file.bytes(), reading.onBytes));
  if (!isGzip(stored.sample)) return readUnpacked(sink, stored, file, reading);
  const unpacked = await peek(gunzip(stored.bytes, reading.maxUnpackedBytes));
  try {
    if (isGzip(unpacked.sample)) throw new FileRefused('The file is packed more than once.');
    return `${await readUnpacked(sink, unpacked, null, reading)}.gz`;
  } finally {
    await unpacked.close();
  }
}

/** @param file where the bytes stand as they are; null if they were packed. */
async function readUnpacked(
  sink: RowSink,
  { sample, bytes }: { sample: Uint8Array; bytes: Bytes },
  file: StoredFile | null,
  reading: ReadOptions,
): Promise<string> {
  if (sample.length === 0) return 'empty';
  const format = detectFormat(sample, reading.options);
  if (format.name !== 'parquet') {
    await readText(bytes, format, textReader(format, sample, reading.options, sink), sink);
    return format.name;
  }
  // Loaded for those who need it.
  const { readParquet } = await import('./parquet.js');
  if (!file) await withUnpacked(bytes, (unpacked) => readParquet(unpacked, sink, () => undefined));
  else {
    const onGroup = (share: number) => reading.onBytes(Math.round(share * file.size));
    await readParquet({ byteLength: file.size, slice: (start, end = file.size) => file.slice(start, end) }, sink, onGroup);
  }
  return format.name;
}

function textReader(
  format: Exclude<Format, { name: 'parquet' }>,
  sample: Uint8Array,
  { element }: ImportOptions,
  sink: RowSink,
): TextReader {
  switch (format.name) {
    case 'csv':
    case 'tsv':
      return new CsvReader(format.dialect, sink);
    case 'txt':
      return new TxtReader(sink);
    case 'json':
      return new JsonReader(sink);
    case 'ndjson':
      return new NdjsonReader(sink);
    case 'xml': {
      const text = decoderOf(format.encoding).decode(sample, { stream: true });
      return new XmlReader(element ?? repeatingElement(text), sink);
    }
  }
}

async function readText(bytes: Bytes, { encoding }: { encoding: string }, reader: TextReader, sink: RowSink): Promise<void> {
  const decoder = decoderOf(encoding);
  for await (const chunk of bytes) {
    reader.push(decoder.decode(chunk, { stream: true }), false);
    await sink.drain();
  }
  reader.push(decoder.decode(), true);
}

async function* counted(bytes: Bytes, onBytes: (bytes: number) => void): Bytes {
  let read = 0;
  for await (const chunk of bytes) {
    yield chunk;
    // Now that it has been worked on.
    onBytes((read += chunk.length));
  }
}
