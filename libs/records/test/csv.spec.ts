import { describe, expect, it } from '@jest/globals';
import { read } from './reading.js';

/** Every way of cutting the text into pieces must give the same rows. */
const PIECES = [1, 2, 3, 7, 65_536];

describe.each(PIECES)('CSV in pieces of %d bytes', (piece) => {
  const csv = (text: string, options = {}) => read(text, options, { piece });

  it.each([
    ['line feeds', 'a,b\n1,2\n3,4\n'],
    ['carriage returns and line feeds', 'a,b\r\n1,2\r\n3,4\r\n'],
    ['carriage returns', 'a,b\r1,2\r3,4\r'],
    ['all of them, mixed', 'a,b\r1,2\r\n3,4\n'],
    ['no line end at the end', 'a,b\n1,2\n3,4'],
    ['empty lines between', 'a,b\n\n1,2\n\r\n3,4\n\n'],
  ])('reads records with %s', async (_name, text) => {
    expect(await csv(text)).toMatchObject({
      format: 'csv',
      rows: 2,
      errors: [],
      values: [
        { a: '1', b: '2' },
        { a: '3', b: '4' },
      ],
    });
  });

  it('reads quoted fields with delimiters, line ends and quotes in them', async () => {
    const { values, errors } = await csv('a,b,c\n"1,5","two\r\nlines","say ""hi"""\n"",x,""""\n');

    expect(errors).toEqual([]);
    expect(values).toEqual([
      { a: '1,5', b: 'two\r\nlines', c: 'say "hi"' },
      { a: '', b: 'x', c: '"' },
    ]);
  });

  it('takes a quote in the middle of an unquoted field for itself', async () => {
    expect((await csv('size,name\n5" x 3",pipe\n')).values).toEqual([{ size: '5" x 3"', name: 'pipe' }]);
  });

  it('says which line a bad row begins in, and goes on', async () => {
    const text = ['a,b', '1,2', '"two', 'lines",x', '3', '4,5,6', '7,"x"y', '8,9'].join('\n');

    const { values, errors, rows } = await csv(text);

    expect(rows).toBe(6);
    expect(values).toEqual([
      { a: '1', b: '2' },
      { a: 'two\nlines', b: 'x' },
      { a: '8', b: '9' },
    ]);
    expect(errors).toEqual([
      { row: 3, line: 5, reason: 'has 1 fields, not 2', text: '3\n' },
      { row: 4, line: 6, reason: 'has 3 fields, not 2', text: '4,5,6\n' },
      { row: 5, line: 7, reason: 'has text between a closing quote and the next field', text: '7,"x"y\n' },
    ]);
  });

  it('loses one row to a quote that is never closed', async () => {
    const { values, errors } = await csv('a,b\n1,2\n"3,4\n5,6\n7,8\n');

    expect(errors).toEqual([{ row: 2, line: 3, reason: 'has a quote that is not closed', text: '"3,4\n' }]);
    expect(values).toEqual([
      { a: '1', b: '2' },
      { a: '5', b: '6' },
      { a: '7', b: '8' },
    ]);
  });
});

describe('CSV', () => {
  it.each([
    [';', 'csv'],
    ['\t', 'tsv'],
    ['|', 'csv'],
  ])('finds the delimiter %j', async (delimiter, format) => {
    const text = ['name,first', 'x', 'y'].map((name) => [name, 'b,c', '1.5'].join(delimiter)).join('\n');

    expect(await read(text, { header: false })).toMatchObject({ format, rows: 3, fields: ['field1', 'field2', 'field3'] });
  });

  it.each([
    ['names above values', 'id,name\n1,a\n', ['id', 'name']],
    ['values at once', '1,a\n2,b\n', ['field1', 'field2']],
    ['an empty name above values', 'id,\n1,a\n', ['id', 'field2']],
    ['an empty name above words', 'id,\nx,a\n', ['field1', 'field2']],
    ['a name twice above values', 'id,id\n1,a\n', ['id', 'id_2']],
    ['a name twice above words', 'id,id\nx,a\n', ['field1', 'field2']],
  ])('tells a header from rows: %s', async (_name, text, fields) => {
    expect((await read(text)).fields).toEqual(fields);
  });

  it('makes names that are missing or occur twice when there must be a header', async () => {
    expect((await read('id,,id\n1,2,3\n', { header: true })).values).toEqual([{ id: '1', field2: '2', id_2: '3' }]);
  });

  it('finds single quotes', async () => {
    expect((await read("a,b\n'1,5','it''s'\n'2','x'\n")).values).toEqual([
      { a: '1,5', b: "it's" },
      { a: '2', b: 'x' },
    ]);
  });

  it('goes by what it is told', async () => {
    const { values } = await read('1:2\n3:4\n', { format: 'csv', delimiter: ':', header: false });

    expect(values).toEqual([
      { field1: '1', field2: '2' },
      { field1: '3', field2: '4' },
    ]);
  });

  it('takes names of fields for names only', async () => {
    const { values } = await read('__proto__,constructor\nx,y\n');

    expect(JSON.stringify(values)).toBe('[{"__proto__":"x","constructor":"y"}]');
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });

  it('leaves out a record that is too long, and goes on behind it', async () => {
    const long = 'x'.repeat(1024 * 1024 + 10);

    const { values, errors } = await read(`a,b\n1,2\n${long},3\n"${'y\n'.repeat(600_000)}\n5,6\n`, { max_errors: 2_000_000 });

    expect(errors[0]).toMatchObject({ row: 2, line: 3, reason: expect.stringContaining('longer than') });
    expect(errors[1]).toMatchObject({ row: 3, line: 4 });
    expect(values).toEqual([
      { a: '1', b: '2' },
      { a: '5', b: '6' },
    ]);
  });

  it('counts the bad rows that came before, and refuses when they are too many', async () => {
    const text = `a,b\n${'1,2\n5,6\n3\n'.repeat(4)}`;

    expect(await read(text, { max_errors: 3 })).toMatchObject({
      refused: 'More than 3 bad rows; the last one is line 13: has 1 fields, not 2.',
      values: [{}, {}, {}, {}, {}, {}, {}, {}],
    });
    expect((await read(text, { max_errors: 4 })).refused).toBeUndefined();
    expect((await read(text, { max_errors: 3 }, { after: 9 })).refused).toContain('line 13');
  });

  it('leaves out what was written before', async () => {
    const { rows_, errors, rows } = await read('a,b\n1,2\n3\n4,5\n6\n7,8\n', {}, { after: 3 });

    expect([...rows_.keys()]).toEqual([5]);
    expect(errors.map(({ row }) => row)).toEqual([4]);
    expect(rows).toBe(5);
  });
});
