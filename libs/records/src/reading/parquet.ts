import {
  parquetMetadataAsync,
  parquetReadObjects,
  type AsyncBuffer,
  type Compressors,
  type FileMetaData,
  type RowGroup,
} from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { FileRefused } from './file-refused.js';
import { isFlatEnough } from './json-row.js';
import { MAX_ROW_LENGTH, type RowSink } from './row-sink.js';

/** Largest row group, packed or not: its bytes are in memory, packed. */
const MAX_GROUP_BYTES = 128 * 1024 * 1024;
const MAX_PAGE_BYTES = 64 * 1024 * 1024;
const MAX_METADATA_BYTES = 16 * 1024 * 1024;
/** So many bytes, unpacked, and so many rows are made into values at a time. */
const BYTES_AT_ONCE = 8 * 1024 * 1024;
const ROWS_AT_ONCE = 20_000;
const DRAIN_EVERY = 1_000;

/** Reads the rows of a Parquet file, some of a row group after another. @throws FileRefused */
export async function readParquet(file: AsyncBuffer, sink: RowSink, onGroup: (share: number) => void): Promise<void> {
  const metadata = await metadataOf(file);
  const total = metadata.row_groups.reduce((rows, group) => rows + Number(group.num_rows), 0);
  let groupStart = 0;
  for (const group of metadata.row_groups) {
    const groupEnd = groupStart + Number(group.num_rows);
    const step = rowsAtOnce(group);
    for (let rowStart = groupStart; rowStart < groupEnd; rowStart += step) {
      const rowEnd = Math.min(rowStart + step, groupEnd);
      const rows = await refusing(() =>
        parquetReadObjects({ file, metadata, rowStart, rowEnd, compressors: COMPRESSORS, parsers: PARSERS }),
      );
      if (rows.length < rowEnd - rowStart) throw new FileRefused('The file has fewer rows than it says.');
      for (const [index, row] of rows.entries()) {
        take(row, sink);
        if (index % DRAIN_EVERY === DRAIN_EVERY - 1) await sink.drain();
      }
      await sink.drain();
      onGroup(rowEnd / total);
    }
    groupStart = groupEnd;
  }
}

/** @throws FileRefused for a group that is too large, or impossible */
function rowsAtOnce({ num_rows, total_byte_size, columns }: RowGroup): number {
  const sizes = columns.map(({ meta_data }) => meta_data);
  const packed = sizes.reduce((sum, data) => sum + Number(data?.total_compressed_size ?? 0), 0);
  const unpacked = sizes.reduce((sum, data) => sum + Number(data?.total_uncompressed_size ?? 0), 0);
  const size = Math.max(Number(total_byte_size), packed, unpacked);
  const rows = Number(num_rows);
  if (size > MAX_GROUP_BYTES)
    throw new FileRefused(`A row group of the file has ${size} bytes; at most ${MAX_GROUP_BYTES} are taken.`);
  if (!Number.isSafeInteger(rows) || rows < 0) throw new FileRefused(`A row group of the file says that it has ${rows} rows.`);
  return Math.max(1, Math.min(ROWS_AT_ONCE, Math.floor(BYTES_AT_ONCE / (size / rows))));
}

/** A page says how large it is unpacked, and that much is taken for it. */
const COMPRESSORS = Object.fromEntries(
  Object.entries(compressors).map(([codec, unpack]) => [
    codec,
    (input: Uint8Array, size: number) => {
      if (size > MAX_PAGE_BYTES)
        throw new FileRefused(`A page of the file has ${size} bytes; at most ${MAX_PAGE_BYTES} are taken.`);
      return unpack(input, size);
    },
  ]),
) as Compressors;

function take(row: Record<string, unknown>, sink: RowSink): void {
  const json = JSON.stringify(row, plain);
  if (json === '{}') throw new FileRefused('The file has fewer rows than it says.');
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
    if (error instanceof FileRefused) throw error;
    // What it stumbles over in a file that contradicts itself says nothing to its owner.
    const isStumble = error instanceof TypeError || error instanceof RangeError;
    const why = isStumble ? 'what it says about itself does not fit its content' : (error as Error).message;
    throw new FileRefused(`The file cannot be read as Parquet: ${why}.`);
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
