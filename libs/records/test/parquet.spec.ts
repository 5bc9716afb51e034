import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { read } from './reading.js';

/** Files of another writer (Rust's, by the npm package parquet-wasm), a thousand rows in row groups of 300. */
const file = (name: string) => readFileSync(new URL(`../../../test/data/imports/${name}.parquet`, import.meta.url));

const row = (id: number) => ({
  id,
  big: id === 1 ? '9007199254740993' : String(BigInt(id) * 9007199254740993n),
  price: id / 4,
  name: id % 10 === 0 ? null : `Ångström ${id}`,
  active: id % 2 === 0,
  born: new Date(id * 86_400_000).toISOString().slice(0, 10),
  seen: new Date(id * 1000).toISOString(),
  tags: [`t${id % 3}`, 'all'],
});

describe('Parquet', () => {
  it.each(['plain', 'snappy', 'gzip', 'zstd'])('reads what is packed as %s', async (name) => {
    const { format, rows, values, errors, fields } = await read(file(name));

    expect({ format, rows, errors }).toEqual({ format: 'parquet', rows: 1_000, errors: [] });
    expect(fields).toEqual(['id', 'big', 'price', 'name', 'active', 'born', 'seen', 'tags']);
    expect(values).toEqual(Array.from({ length: 1_000 }, (_, index) => row(index + 1)));
  });

  it('reads what is packed as a whole', async () => {
    expect(await read(gzipSync(file('snappy')))).toMatchObject({ format: 'parquet.gz', rows: 1_000 });
  });

  it('goes on behind what was written before', async () => {
    const { rows_ } = await read(file('snappy'), {}, { after: 650 });

    expect([...rows_.keys()]).toEqual(Array.from({ length: 350 }, (_, index) => 651 + index));
  });

  it.each([
    ['cut off', () => file('snappy').subarray(0, 5_000)],
    ['without its middle', () => Buffer.concat([file('snappy').subarray(0, 500), file('snappy').subarray(3_000)])],
    [
      'with a foot of any size',
      () => Buffer.concat([Buffer.from('PAR1'), Buffer.from([255, 255, 255, 127]), Buffer.from('PAR1')]),
    ],
  ])('refuses a file that is %s', async (_name, bytes) => {
    expect((await read(bytes())).refused).toMatch(/Parquet/);
  });
});
