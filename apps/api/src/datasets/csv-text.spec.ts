import { describe, expect, it } from '@jest/globals';
import { csvLine } from './csv-text.js';

describe('csvLine', () => {
  it('quotes what needs it', () => {
    expect(csvLine(['a', 'b,c', 'say "hi"', 'two\nlines', '', null, undefined])).toBe('a,"b,c","say ""hi""","two\nlines",,,\r\n');
  });

  it('writes other values as JSON', () => {
    expect(csvLine([1, -2.5, true, { a: [1] }])).toBe('1,-2.5,true,"{""a"":[1]}"\r\n');
  });

  it.each(['=1+1', "+cmd|' /C calc'!A0", '-2+3', '@SUM(A1)', '\t=1+1', '\r=1', ' =1+1', '＝1+1', '=1+1"'])(
    'makes no formula of %j',
    (text) => {
      expect(csvLine([text]).replace(/^"/, '')).toMatch(/^'/);
    },
  );

  it.each(['-5', '+49', '-1.5e3', '-1,234.50', '-5%'])('leaves the number %s alone', (text) => {
    expect(csvLine([text]).replaceAll('"', '')).toBe(`${text}\r\n`);
  });
});
