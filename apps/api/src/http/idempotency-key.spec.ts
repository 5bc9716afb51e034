import { describe, expect, it } from '@jest/globals';
import { fingerprint, idempotencyKey } from './idempotency-key.js';

describe('idempotencyKey', () => {
  it.each([
    [undefined, undefined],
    ['k', 'k'],
    ['"k"', 'k'],
    ['a b', 'a b'],
    ['"k "', 'k '],
    ['"a\\"b\\\\c"', 'a"b\\c'],
    ['a"b', 'a"b'],
  ])('reads %j as %j', (header, key) => {
    expect(idempotencyKey(header)).toBe(key);
  });

  it.each(['', '""', '"', '"a', '"a"b', '"a\\b"', 'a\tb', 'a\x7f', 'é', 'x'.repeat(256)])('refuses %j', (header) => {
    expect(() => idempotencyKey(header)).toThrow(/Idempotency-Key/);
  });
});

describe('fingerprint', () => {
  const a = { x: [1, { b: 2, a: null }], y: 'z' };

  it('is the same whatever the order of names', () => {
    expect(fingerprint('r', a)).toBe(fingerprint('r', { y: 'z', x: [1, { a: null, b: 2 }] }));
  });

  it.each([
    ['another value', 'r', { ...a, y: '' }],
    ['another order of a list', 'r', { ...a, x: [{ b: 2, a: null }, 1] }],
    ['another name', 'r', { x: a.x, z: 'z' }],
    ['text instead of a number', 'r', { ...a, x: ['1', { b: 2, a: null }] }],
    ['another route', 's', a],
    ['no body', 'r', undefined],
  ])('differs for %s', (_name, route, body) => {
    expect(fingerprint(route, body)).not.toBe(fingerprint('r', a));
  });
});
