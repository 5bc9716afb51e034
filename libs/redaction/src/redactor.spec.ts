import { describe, expect, it } from '@jest/globals';
import { Redactor, scrub } from './redactor.js';

const DEFAULT = '/**/*password*,/**/*token*,/**/*secret*,/**/*authorization*';

describe('Redactor', () => {
  it.each([
    [
      DEFAULT,
      { password: 'a', deep: [{ Access_Token: 'b' }] },
      { password: '[redacted]', deep: [{ Access_Token: '[redacted]' }] },
    ],
    [
      DEFAULT,
      { headers: { AUTHORIZATION: 'Bearer x' }, secrets: [1, 2] },
      { headers: { AUTHORIZATION: '[redacted]' }, secrets: '[redacted]' },
    ],
    ['/card/number', { card: { number: 7, name: 'n' }, number: 8 }, { card: { number: '[redacted]', name: 'n' }, number: 8 }],
    ['/*/pin', { a: { pin: 1 }, b: { c: { pin: 2 } } }, { a: { pin: '[redacted]' }, b: { c: { pin: 2 } } }],
    ['/a/**/z', { a: { z: 1, b: [{ z: 2 }] }, z: 3 }, { a: { z: '[redacted]', b: [{ z: '[redacted]' }] }, z: 3 }],
    ['/x~1y,/m~0n', { 'x/y': 1, 'm~n': 2 }, { 'x/y': '[redacted]', 'm~n': '[redacted]' }],
    ['/a.c', { abc: 1, 'a.c': 2 }, { abc: 1, 'a.c': '[redacted]' }],
    ['', { password: 'a' }, { password: 'a' }],
    [DEFAULT, { password: null }, { password: null }],
    [DEFAULT, 'password', 'password'],
  ])('hides by %s', (pointers, value, hidden) => {
    expect(new Redactor(pointers).json(value)).toEqual(hidden);
  });

  it('leaves the value itself as it is', () => {
    const value = { password: 'a' };
    new Redactor(DEFAULT).json(value);

    expect(value).toEqual({ password: 'a' });
  });

  it('tells which texts it hid, to hide them elsewhere', () => {
    const redactor = new Redactor('/login/**');
    const found = new Set<string>();
    redactor.json({ login: { user: 'ada@example.com', pin: 123456, x: 'abc' } }, found);

    expect(redactor.text('ada@example.com may not log in with 123456, abc', found)).toBe(
      '[redacted] may not log in with [redacted], abc',
    );
  });
});

describe('scrub', () => {
  it.each([
    [`the key tw_${'a'.repeat(49)} is wrong`, 'the key [redacted] is wrong'],
    ['Authorization: Bearer abc.def', 'Authorization: Bearer [redacted]'],
    ['{"password":"a b","x":1}', '{"password":"[redacted] b","x":1}'],
    ['GET /?access_token=abc&x=1', 'GET /?access_token=[redacted]&x=1'],
    [JSON.stringify({ msg: '{"password":"a"}' }), JSON.stringify({ msg: '{"password":"[redacted]"}' })],
    ['sent bearer abcdefghij to it', 'sent bearer [redacted] to it'],
    ['nothing here', 'nothing here'],
  ])('makes of %j', (text, scrubbed) => {
    expect(scrub(text)).toBe(scrubbed);
  });
});
