import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { read } from './reading.js';

const utf16 = (text: string, bigEndian = false) => {
  const bytes = Buffer.from(text, 'utf16le');
  return bigEndian ? bytes.swap16() : bytes;
};
const PEOPLE = 'name,town\nJörg,Köln\nZoë,Malmö\n';
const ROWS = [
  { name: 'Jörg', town: 'Köln' },
  { name: 'Zoë', town: 'Malmö' },
];

describe('encodings', () => {
  it.each([
    ['UTF-8', Buffer.from(PEOPLE)],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${PEOPLE}`)],
    ['UTF-16, little end first, with a mark', utf16(`\ufeff${PEOPLE}`)],
    ['UTF-16, big end first, with a mark', utf16(`\ufeff${PEOPLE}`, true)],
    ['UTF-16 without a mark', utf16(PEOPLE)],
    ['UTF-16, big end first, without a mark', utf16(PEOPLE, true)],
    ['Windows-1252', Buffer.from(PEOPLE, 'latin1')],
  ])('finds %s', async (_name, bytes) => {
    for (const piece of [1, 65_536]) expect((await read(bytes, {}, { piece })).values).toEqual(ROWS);
  });

  it('calls a row bad whose bytes are not of the encoding', async () => {
    const bytes = Buffer.concat([Buffer.from('name,town\nZoë,Malmö\nJ'), Buffer.from([0xf6]), Buffer.from('rg,x\na,b\n')]);

    expect(await read(bytes, { encoding: 'utf-8' })).toMatchObject({
      rows: 3,
      errors: [{ row: 2, line: 3, reason: 'holds bytes that are not of its encoding' }],
    });
  });

  it.each([
    ['an unknown encoding', 'a,b\n1,2', { encoding: 'utf-7' }, 'The encoding "utf-7" is not known.'],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x41, 0, 0, 0]), {}, 'The file is in UTF-32, which is not read.'],
    ['bytes that are no text', Buffer.from([1, 0, 0, 2, 0, 0, 0, 3]), {}, 'The file is not text, and of no format that is read.'],
    ['a ZIP archive', Buffer.from('PK\x03\x04rest'), {}, expect.stringContaining('a ZIP archive')],
    ['a picture that is also a script', Buffer.from('GIF89a/*x*/=1;alert(1)'), {}, expect.stringContaining('a GIF image')],
    ['half a JPEG', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]), {}, expect.stringContaining('a JPEG image')],
  ])('refuses %s', async (_name, bytes, options, reason) => {
    expect((await read(bytes, options)).refused).toEqual(reason);
  });
});

describe('text', () => {
  it('makes every line a row', async () => {
    expect(await read('one line\n\nand "another, but one"\r\nlast')).toMatchObject({
      format: 'txt',
      values: [{ text: 'one line' }, { text: '' }, { text: 'and "another, but one"' }, { text: 'last' }],
    });
  });

  it('is empty when the file is', async () => {
    expect(await read('')).toMatchObject({ format: 'empty', rows: 0 });
    expect(await read(gzipSync(''))).toMatchObject({ format: 'empty.gz', rows: 0 });
  });
});

describe.each([1, 3, 65_536])('JSON in pieces of %d bytes', (piece) => {
  const json = (text: string, options = {}) => read(text, options, { piece });

  it('reads an array of objects', async () => {
    const { format, values, fields, errors } = await json(
      '[\n {"a": 1, "b": "x]},\\"{["},\n {"a": {"c": [1, 2]}, "d": null}\n]\n',
    );

    expect({ format, errors, fields }).toEqual({ format: 'json', errors: [], fields: ['a', 'b', 'd'] });
    expect(values).toEqual([
      { a: 1, b: 'x]},"{[' },
      { a: { c: [1, 2] }, d: null },
    ]);
  });

  it('says which elements are no rows, and in which line they begin', async () => {
    const { values, errors } = await json('[{"a":1},\n7,\n null, [1],\n{"a":,},\n"x",\n{"a":2}]');

    expect(values).toEqual([{ a: 1 }, { a: 2 }]);
    expect(errors.map(({ row, line, reason }) => [row, line, reason])).toEqual([
      [2, 2, 'is a number, not an object'],
      [3, 3, 'is null, not an object'],
      [4, 3, 'is an array, not an object'],
      [5, 4, 'is not JSON'],
      [6, 5, 'is a string, not an object'],
    ]);
  });

  it('says where a file ends in the middle', async () => {
    const { values, errors } = await json('[{"a":1},\n{"a":[1,');

    expect(values).toEqual([{ a: 1 }]);
    expect(errors).toMatchObject([{ row: 2, line: 2, reason: 'is not finished: the file ends in the middle' }]);
  });

  it('reads objects that follow one another, however they are laid out', async () => {
    expect(await json('{\n "a": 1\n}\n{"a": 2}')).toMatchObject({ format: 'json', values: [{ a: 1 }, { a: 2 }] });
  });

  it('reads an object a line', async () => {
    const { format, values, errors } = await json('{"a":1}\n\n{"a":\n{"a":2}\r\n[3]\n{"a":4}');

    expect({ format, values }).toEqual({ format: 'ndjson', values: [{ a: 1 }, { a: 2 }, { a: 4 }] });
    expect(errors).toEqual([
      { row: 2, line: 3, reason: 'is not JSON', text: '{"a":' },
      { row: 4, line: 5, reason: 'is an array, not an object', text: '[3]' },
    ]);
  });
});

describe('JSON', () => {
  it('refuses rows that are too deep or too long, one by one', async () => {
    const deep = `{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
    const long = `{"a":"${'x'.repeat(1024 * 1024)}"}`;

    for (const [open, between, close] of [
      ['[', ',', ']'],
      ['', '\n', ''],
    ]) {
      const { values, errors } = await read(open + [`{"a":1}`, deep, long, '{"a":2}'].join(between) + close);

      expect(values).toEqual([{ a: 1 }, { a: 2 }]);
      expect(errors.map(({ reason }) => reason)).toEqual(['is nested too deep', expect.stringContaining('longer than')]);
    }
  });

  it('keeps numbers as they are written', async () => {
    const { values } = await read('{"__proto__":{"x":1},"n":1}\n');

    expect(JSON.stringify(values)).toBe('[{"__proto__":{"x":1},"n":1}]');
  });
});

describe.each([1, 65_536])('XML in pieces of %d bytes', (piece) => {
  const xml = (text: string, options = {}) => read(text, options, { piece });
  const orders = `<?xml version="1.0" encoding="UTF-8"?>
<orders><made>2026</made>
  <order id="1"><item>Tea &amp; milk</item><price cur="EUR">3</price></order>
  <order id="2"><item>A</item><item>B</item><note><![CDATA[<x>]]></note></order>
</orders>`;

  it('finds the element that repeats', async () => {
    const { format, values, errors } = await xml(orders);

    expect({ format, errors }).toEqual({ format: 'xml', errors: [] });
    expect(values).toEqual([
      { '@id': '1', item: 'Tea & milk', price: { '@cur': 'EUR', '#text': '3' } },
      { '@id': '2', item: ['A', 'B'], note: '<x>' },
    ]);
  });

  it('takes the element that is named', async () => {
    expect((await xml(orders, { element: 'item' })).values).toEqual([
      { '#text': 'Tea & milk' },
      { '#text': 'A' },
      { '#text': 'B' },
    ]);
  });

  it('where nothing repeats, is a list of one or a single row', async () => {
    expect((await xml('<list><a><x>1</x></a></list>')).values).toEqual([{ x: '1' }]);
    expect((await xml('<a><x>1</x><y z="2"/></a>')).values).toEqual([{ x: '1', y: { '@z': '2' } }]);
  });

  it.each([
    ['an outer entity', '<!DOCTYPE a [<!ENTITY e SYSTEM "http://127.0.0.1/">]><a><b>&e;</b><b/></a>', 'DOCTYPE'],
    ['entities of entities', '<!DOCTYPE a [<!ENTITY x "aaaa"><!ENTITY y "&x;&x;">]><a><b>&y;</b></a>', 'DOCTYPE'],
    ['an entity that is not declared', '<a><b>&e;</b><b/></a>', 'not well-formed'],
    ['tags that do not match', '<a><b>x</b><b>y</c></a>', 'not well-formed'],
    ['an end in the middle', '<a><b>x</b><b>', 'not well-formed'],
    ['another encoding than it says', '<?xml version="1.0" encoding="utf-16"?><a><b/></a>', 'it is in utf-16le, but it is not'],
    ['an encoding that nobody reads', '<?xml version="1.0" encoding="utf-7"?><a><b/></a>', '"utf-7" is not known'],
  ])('refuses %s', async (_name, text, reason) => {
    expect((await xml(text)).refused).toContain(reason);
  });
});

describe('gzip', () => {
  it('unpacks first', async () => {
    expect(await read(gzipSync(PEOPLE))).toMatchObject({ format: 'csv.gz', values: ROWS });
  });

  it('refuses what unpacks to more than is allowed', async () => {
    const rows = Buffer.from('a,b\n'.repeat(500_000));

    expect((await read(gzipSync(rows), {}, { maxUnpackedBytes: 1_000_000 })).refused).toContain('more than 1000000 bytes');
  });

  it('refuses what is packed denser than any table', async () => {
    const bomb = gzipSync(Buffer.from(`${'x'.repeat(999)}\n`.repeat(20_000)));

    expect((await read(bomb)).refused).toContain('more than 200 times its size');
  });

  it.each([
    ['packed twice', gzipSync(gzipSync(PEOPLE)), 'more than once'],
    ['cut off', gzipSync(PEOPLE.repeat(10_000)).subarray(0, 50), 'gzip of the file is broken'],
  ])('refuses what is %s', async (_name, bytes, reason) => {
    expect((await read(bytes)).refused).toContain(reason);
  });
});
