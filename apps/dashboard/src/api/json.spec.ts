import { describe, expect, it } from '@jest/globals';
import { readJson, writeJson } from './json';

describe('readJson and writeJson', () => {
  it('lose no digit of any number', () => {
    const text = '{"big":12345678901234567890,"small":0.1234567890123456789,"plain":1.5,"list":[9007199254740993]}';

    expect(writeJson(readJson(text))).toBe(text);
  });

  it('give ordinary numbers as numbers', () => {
    expect(readJson('[0, -1, 2.5]')).toEqual([0, -1, 2.5]);
  });
});
