import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { read } from './reading.js';

const PARQUET = readFileSync(new URL('../../../test/data/imports/snappy.parquet', import.meta.url));
const MEGABYTE = 1024 * 1024;

const text = (content: string) => Buffer.from(content);
const packed = gzipSync('a,b\n1,2\n');
const table = gzipSync('a,b\n1,2\n'.repeat(1_000));
const changed = (bytes: Buffer, change: (copy: Buffer) => void) => {
  const copy = Buffer.from(bytes);
  change(copy);
  return copy;
};
const nested = (open: string, close: string, times: number) => open.repeat(times) + close.repeat(times);

it('A bomb of short lines is refused before it is a million rows', async () => {
  const { refused, values } = await read(gzipSync('a\n'.repeat(10 * MEGABYTE)));

  expect(refused).toContain('more than 200 times its size');
  expect(values.length).toBeLessThan(MEGABYTE);
});

describe('A file that was made to do harm is refused', () => {
  it.each<[string, Buffer, string]>([
    ['packed twice', gzipSync(packed), 'packed more than once'],
    ['packed, with something behind it', Buffer.concat([packed, text('more')]), 'gzip of the file is broken'],
    ['packed and cut', table.subarray(0, 30), 'gzip of the file is broken'],
    ['packed, and nothing but the beginning', packed.subarray(0, 2), 'gzip of the file is broken'],
    ['packed with a wrong checksum', changed(table, (copy) => copy.writeUInt32LE(1, copy.length - 8)), 'incorrect data check'],
    ['packed with a wrong length', changed(table, (copy) => copy.writeUInt32LE(1, copy.length - 4)), 'incorrect length check'],
    ['packed 1 : 1000', gzipSync(Buffer.alloc(60 * MEGABYTE, 'x')), 'more than 200 times its size'],
    ['with entities in entities', text('<!DOCTYPE a [<!ENTITY b "b"><!ENTITY c "&b;&b;">]><a><b>&c;</b></a>'), 'DOCTYPE'],
    ['with a parameter entity', text('<!DOCTYPE a [<!ENTITY % b SYSTEM "file:///etc/passwd"> %b;]><a><b/></a>'), 'DOCTYPE'],
    [
      'with a document type longer than what is looked at',
      text(`<!DOCTYPE a [<!ENTITY b "${'x'.repeat(100_000)}">]><a/>`),
      'DOCTYPE',
    ],
    ['with an entity of nobody', text('<a><b>&b;</b></a>'), 'undefined entity'],
    [
      'with a document type in the middle',
      text(`<a>${'<b/>'.repeat(20_000)}<!DOCTYPE a></a>`),
      'line 1: inappropriately located',
    ],
    ['of elements in elements', text(nested('<a>', '</a>', 100_000)), 'nested deeper than 256 elements'],
    [
      'of elements in elements, further down',
      text(`<a><b/><b/>${' '.repeat(70_000)}${nested('<c>', '</c>', 1_000)}</a>`),
      'nested deeper',
    ],
    ['with an endless text', text(`<a><b>${'x'.repeat(5 * MEGABYTE)}</b><b/></a>`), 'a part of more than'],
    ['with an endless attribute', text(`<a><b c="${'x'.repeat(5 * MEGABYTE)}"/><b/></a>`), 'a part of more than'],
    ['with an endless comment', text(`<a><!--${'x'.repeat(5 * MEGABYTE)}--><b/></a>`), 'a part of more than'],
    ['of endless character references', text(`<a><b>${'&#x41;'.repeat(MEGABYTE)}</b><b/></a>`), 'a part of more than'],
    [
      'in UTF-8 that calls itself UTF-16',
      text('<?xml version="1.0" encoding="utf-16"?><a><b/></a>'),
      'says that it is in utf-16le',
    ],
    [
      'with a footer longer than itself',
      changed(PARQUET, (copy) => copy.writeUInt32LE(2 ** 32 - 1, copy.length - 8)),
      'does not end like it',
    ],
    ['with no footer', changed(PARQUET, (copy) => copy.writeUInt32LE(0, copy.length - 8)), 'does not end like it'],
    [
      'with a footer that begins elsewhere',
      changed(PARQUET, (copy) => copy.writeUInt32LE(7, copy.length - 8)),
      'says about itself does not fit',
    ],
    [
      'with a footer of noise',
      changed(PARQUET, (copy) => copy.fill(0xff, copy.length - 300, copy.length - 8)),
      'cannot be read as Parquet',
    ],
    ['of Parquet without its end', PARQUET.subarray(0, PARQUET.length - 20), 'does not end like it'],
    ['of Parquet, and nothing but its name', text('PAR1PAR1'), 'does not end like it'],
    ['of Parquet that is encrypted', text('PARE....PARE'), 'an encrypted Parquet file'],
    ['of Parquet, cut and packed', gzipSync(PARQUET.subarray(0, 900)), 'does not end like it'],
    ['of 7z', Buffer.from('377abcaf271c0004', 'hex'), 'a 7z archive'],
    ['of RAR', text('Rar!\x1a\x07\x01'), 'a RAR archive'],
    ['of code', text('\x7fELF\x02\x01\x01'), 'a program'],
    ['of zeros', Buffer.alloc(1_000), 'not text'],
    ['in UTF-32', Buffer.from('fffe000061000000', 'hex'), 'UTF-32'],
    ['with a header of 2,000 fields', text(`${'a,'.repeat(1_999)}a\n${'1,'.repeat(1_999)}1\n`), '2000 fields'],
  ])('%s', async (_name, content, reason) => {
    const { refused, rows } = await read(content);

    expect({ refused, rows }).toEqual({ refused: expect.stringContaining(reason), rows: 0 });
  });

  it('whose names of fields cannot be read', async () => {
    const { refused } = await read(`${'a,'.repeat(700_000)}a\n1,2\n`, { header: true, format: 'csv' });

    expect(refused).toMatch(/^Line 1, which names the fields, is longer than/);
  });
});

describe('A file that was made to do harm costs the rows that do it', () => {
  const HUGE = 'x'.repeat(3 * MEGABYTE);

  it.each<[string, Buffer, unknown[], [line: number, reason: string][]]>([
    ['nothing at all', text(''), [], []],
    ['a byte order mark and nothing else', text('\ufeff'), [], []],
    ['a byte order mark of UTF-16 and nothing else', Buffer.from('fffe', 'hex'), [], []],
    ['gzip of nothing', gzipSync(''), [], []],
    ['names of fields and nothing else', text('a,b,c'), [], []],
    ['a huge field', text(`a,b\n1,${HUGE}\n2,3\n`), [{ a: '2', b: '3' }], [[2, 'is longer than']]],
    ['a huge field in quotes', text(`a,b\n1,"${HUGE}"\n2,3\n`), [{ a: '2', b: '3' }], [[2, 'is longer than']]],
    ['a line without an end', text(HUGE), [], [[1, 'is longer than']]],
    ['a line of commas without an end', text(','.repeat(3 * MEGABYTE)), [], [[1, 'is longer than']]],
    ['quotes and nothing else', text('"'.repeat(3 * MEGABYTE + 1)), [], [[1, 'is longer than']]],
    ['a huge text in JSON', text(`[{"a":"${HUGE}"},{"a":1}]`), [{ a: 1 }], [[1, 'is longer than']]],
    [
      'a huge text in JSON, of escapes',
      text(`[{"a":"${'\\"'.repeat(MEGABYTE)}\\\\"},{"a":1}]`),
      [{ a: 1 }],
      [[1, 'is longer than']],
    ],
    ['arrays in arrays', text(`[{"a":${nested('[', ']', 100_000)}},{"a":1}]`), [{ a: 1 }], [[1, 'is nested too deep']]],
    ['arrays that are never closed', text('['.repeat(MEGABYTE)), [], [[1, 'is not finished']]],
    [
      'deep objects on one line of many',
      text(`{"a":1}\n{"a":${nested('[', ']', 5_000)}}\n{"a":2}\n`),
      [{ a: 1 }, { a: 2 }],
      [[2, 'deep']],
    ],
    ['half a character of UTF-16', Buffer.from('fffe61', 'hex'), [], [[1, 'not of its encoding']]],
    [
      'half a surrogate',
      Buffer.from('\ufeffa,b\n\ud800,1\n2,3\n', 'utf16le'),
      [{ a: '2', b: '3' }],
      [[2, 'not of its encoding']],
    ],
    ['UTF-16 that does not say so', Buffer.from('a,b\n1,2\n', 'utf16le'), [{ a: '1', b: '2' }], []],
    ['UTF-16 of the other order that does not say so', Buffer.from('a,b\n1,2\n', 'utf16le').swap16(), [{ a: '1', b: '2' }], []],
    ['names that come twice', text('a,a,b\n1,2,3\n'), [{ a: '1', a_2: '2', b: '3' }], []],
    [
      'a name that is missing',
      text(',a,b\n0,x,1\n1,y,2\n'),
      [
        { field1: '0', a: 'x', b: '1' },
        { field1: '1', a: 'y', b: '2' },
      ],
      [],
    ],
    [
      'gzip of two parts',
      Buffer.concat([packed, gzipSync('3,4\n')]),
      [
        { a: '1', b: '2' },
        { a: '3', b: '4' },
      ],
      [],
    ],
    [
      'names that objects inherit',
      text('[{"__proto__":{"x":1},"constructor":2}]'),
      [JSON.parse('{"__proto__":{"x":1},"constructor":2}')],
      [],
    ],
  ])('%s', async (_name, content, values, errors) => {
    const found = await read(content);

    expect(found.refused).toBeUndefined();
    expect(found.values).toEqual(values);
    expect(found.errors).toMatchObject(errors.map(([line, reason]) => ({ line, reason: expect.stringContaining(reason) })));
  });

  it('in time: what grows tenfold takes no more than tenfold', async () => {
    const slowest = async (megabytes: number) => {
      const startedAt = performance.now();
      await read(`[{"a":"${'x'.repeat(megabytes * MEGABYTE)}"}]`);
      return performance.now() - startedAt;
    };
    await slowest(2);

    // By its square it would be a hundred times.
    expect(await slowest(40)).toBeLessThan(50 * (await slowest(4)));
  });
});
