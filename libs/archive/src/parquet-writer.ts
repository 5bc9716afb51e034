import type { SchemaElement } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { Cell, Column, ColumnType } from './tables.js';

const ELEMENTS: Record<ColumnType, Partial<SchemaElement>> = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  json: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  int: { type: 'INT32' },
  bigint: { type: 'INT64' },
  instant: { type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' },
};

/** The bytes of a Parquet file with a row group for every list of rows; one group is in memory at a time. */
export async function* parquetOf(
  columns: readonly Column[],
  groups: AsyncIterable<readonly (readonly Cell[])[]> | Iterable<readonly (readonly Cell[])[]>,
): AsyncGenerator<Uint8Array> {
  const bytes = new ByteWriter(1024 * 1024);
  const writer = new ParquetWriter({ writer: bytes, schema: schemaOf(columns), createdBy: 'taskwell' });
  for await (const rows of groups) {
    const columnData = columns.map(({ name, type }, index) => ({
      name,
      data: rows.map((cells) => toParquet(type, cells[index]!)),
      offsetIndex: false,
    }));
    await writer.write({ columnData, rowGroupSize: rows.length });
    yield take(bytes);
  }
  await writer.finish();
  yield take(bytes);
}

function schemaOf(columns: readonly Column[]): SchemaElement[] {
  return [
    { name: 'root', num_children: columns.length },
    ...columns.map(({ name, type }) => ({ name, repetition_type: 'OPTIONAL' as const, ...ELEMENTS[type] })),
  ];
}

function toParquet(type: ColumnType, cell: Cell): unknown {
  if (cell === null) return null;
  if (type === 'bigint') return BigInt(cell);
  return type === 'instant' ? new Date(cell) : cell;
}

/** What was written since the last time. */
function take(bytes: ByteWriter): Uint8Array {
  const taken = bytes.getBytes().slice();
  bytes.index = 0;
  return taken;
}
