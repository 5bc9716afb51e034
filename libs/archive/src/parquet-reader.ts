import { open } from 'node:fs/promises';
import { parquetMetadataAsync, parquetReadObjects, type AsyncBuffer } from 'hyparquet';
import type { Cell, Column } from './tables.js';

/** The rows of a Parquet file that {@link parquetOf} wrote, one row group after another. */
export async function* rowsOf(path: string, columns: readonly Column[]): AsyncGenerator<Cell[][]> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const buffer: AsyncBuffer = {
      byteLength: size,
      async slice(from, to = size) {
        const bytes = new Uint8Array(to - from);
        await file.read(bytes, 0, bytes.length, from);
        return bytes.buffer;
      },
    };
    const metadata = await parquetMetadataAsync(buffer);
    let rowStart = 0;
    for (const { num_rows } of metadata.row_groups) {
      const rowEnd = rowStart + Number(num_rows);
      const rows = await parquetReadObjects({ file: buffer, metadata, rowStart, rowEnd });
      yield rows.map((row) => columns.map(({ name }) => toCell(row[name])));
      rowStart = rowEnd;
    }
  } finally {
    await file.close();
  }
}

function toCell(value: unknown): Cell {
  if (value instanceof Date) return value.getTime();
  if (typeof value === 'bigint') return Number(value);
  return (value ?? null) as Cell;
}
