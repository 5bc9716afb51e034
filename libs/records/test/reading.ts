import { readFile, type ReadFile } from '../src/reading/read-file.js';
import type { ImportOptions } from '../src/import-options.js';
import type { BadRow } from '../src/reading/row-sink.js';

export interface Reading extends ReadFile {
  /** The good rows by their numbers. */
  rows_: Map<number, unknown>;
  values: unknown[];
  errors: BadRow[];
  fields: string[];
  /** Set if the file was refused. */
  refused?: string;
}

/** Reads bytes as an import would, in pieces of a size. */
export async function read(
  content: Uint8Array | string,
  options: Partial<ImportOptions> = {},
  { piece = 64 * 1024, after = 0, maxUnpackedBytes = 1024 ** 3 } = {},
): Promise<Reading> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const reading: Reading = { format: '', rows: 0, rows_: new Map(), values: [], errors: [], fields: [] };
  try {
    const file = await readFile(
      {
        size: bytes.length,
        async *bytes() {
          for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
        },
        slice: async (from, to) => bytes.buffer.slice(bytes.byteOffset + from, bytes.byteOffset + to) as ArrayBuffer,
      },
      {
        options,
        after,
        sliceRows: 100,
        sliceLength: 100_000,
        maxUnpackedBytes,
        onBytes: () => undefined,
        write: async ({ numbers, rows, errors, fields }) => {
          numbers.forEach((number, index) => reading.rows_.set(number, JSON.parse(rows[index]!)));
          reading.errors.push(...errors);
          reading.fields = fields;
        },
      },
    );
    Object.assign(reading, file);
  } catch (error) {
    reading.refused = (error as Error).message;
  }
  reading.values = [...reading.rows_.values()];
  return reading;
}
