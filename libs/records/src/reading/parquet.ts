import { parquetMetadataAsync, parquetReadObjects, type AsyncBuffer, type FileMetaData } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { FileRefused } from './file-refused.js';
import { isFlatEnough } from './json-row.js';
import { MAX_ROW_LENGTH, type RowSink } from './row-sink.js';

/** Largest row group, unpacked: one is in memory at a time. */
const MAX_GROUP_BYTES = 128 * 1024 * 1024;
const MAX_METADATA_BYTES = 16 * 1024 * 1024;
const DRAIN_EVERY = 1_000;

/** Reads the rows of a Parquet file, one row group after another. @throws FileRefused */
export async function readParquet(file: AsyncBuffer, sink: RowSink, onGroup: (share: number) => void): Promise<void> {
  const metadata = await metadataOf(file);
  const total = Number(metadata.num_rows);
  let rowStart = 0;
  for (const { num_rows, total_byte_size } of metadata.row_groups) {
    if (total_byte_size > MAX_GROUP_BYTES) {
      throw new FileRefused(`A row group of the file has ${total_byte_size} bytes; at most ${MAX_GROUP_BYTES} are taken.`);
    }
    const rowEnd = rowStart + Number(num_rows);
    const rows = await refusing(() => parquetReadObjects({ file, metadata, rowStart, rowEnd, compressors, parsers: PARSERS }));
    for (const [index, row] of rows.entries()) {
      take(row, sink);
      if (index % DRAIN_EVERY === DRAIN_EVERY - 1) await sink.drain();
    }
    await sink.drain();
    rowStart = rowEnd;
    onGroup(total === 0 ? 1 : rowEnd / total);
  }
}

function take(row: Record<string, unknown>, sink: RowSink): void {
  const json = JSON.stringify(row, plain);
  if (json.length > MAX_ROW_LENGTH) return sink.bad(null, `is longer than ${MAX_ROW_LENGTH} characters`, json);
  if (!isFlatEnough(json)) return sink.bad(null, 'is nested too deep', json);
  sink.fields(Object.keys(row));
  sink.good(json);
}

async function metadataOf(file: AsyncBuffer): Promise<FileMetaData> {
  const foot = await file.slice(Math.max(0, file.byteLength - 8), file.byteLength);
  const bytes = Buffer.from(foot);
  const length = bytes.length === 8 && bytes.toString('latin1', 4) === 'PAR1' ? bytes.readUInt32LE(0) : 0;
  if (length === 0 || length > Math.min(MAX_METADATA_BYTES, file.byteLength - 8)) {
    throw new FileRefused('The file begins like Parquet, but does not end like it.');
  }
  return refusing(() => parquetMetadataAsync(file));
}

async function refusing<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw new FileRefused(`The file cannot be read as Parquet: ${(error as Error).message}`);
  }
}

/** Times as ISO 8601, as precise as the file has them. */
const PARSERS = {
  timestampFromMilliseconds: (ms: bigint) => instant(ms, 3n),
  timestampFromMicroseconds: (us: bigint) => instant(us, 6n),
  timestampFromNanoseconds: (ns: bigint) => instant(ns, 9n),
  dateFromDays: (days: number) => new Date(days * 86_400_000).toISOString().slice(0, 10),
};

function instant(ticks: bigint, digits: bigint): string {
  const perSecond = 10n ** digits;
  const fraction = ((ticks % perSecond) + perSecond) % perSecond;
  const seconds = (ticks - fraction) / perSecond;
  const text = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  return `${text}.${String(fraction).padStart(Number(digits), '0')}Z`;
}

/** Whole numbers beyond those of JSON become texts, bytes become Base64. */
function plain(_name: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value >= -(2n ** 53n) && value <= 2n ** 53n ? Number(value) : String(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return value;
}
