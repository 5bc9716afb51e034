import { describe, expect, it } from '@jest/globals';
import { MAX_DEPTH, findUnsafe } from './json-guard.js';

describe('findUnsafe', () => {
  it.each([
    '1',
    '"a"',
    'null',
    '{}',
    '[]',
    '{"a":{"a":{"a":1}}}',
    '[{"a":1},{"a":1}]',
    '{"a":"b","b":"a","":0}',
    '{"a":"a","c":["a","a"]}',
    ' { "a" : 1 , "b" : [ 1 , 2 ] } ',
    '{"a":"\\"b\\":1","b":"\\\\"}',
    '{"a":"}{][,:","b":1}',
    '{"constructor":1,"prototype":{"constructor":2}}',
    '{"constructor":[{"prototype":1}]}',
    '["__proto__"]',
    '{"a":"__proto__"}',
    `{${Array.from({ length: 50 }, (_, index) => `"k${index}":${index}`).join(',')}}`,
    '['.repeat(MAX_DEPTH) + ']'.repeat(MAX_DEPTH),
  ])('finds nothing in %s', (json) => {
    expect(findUnsafe(json)).toBeNull();
  });

  it.each([
    ['{"a":1,"a":1}', '/a'],
    ['{"a":1,"\\u0061":1}', '/a'],
    ['[0,{"a":[{"b":1,"c":2,"b":3}]}]', '/1/a/0/b'],
    ['{"a":{"x":1},"b":2,"a":3}', '/a'],
    ['{"":1,"":2}', '/'],
    ['{"a/b":{"~":1,"~":2}}', '/a~1b/~0'],
    [`{${Array.from({ length: 50 }, (_, index) => `"k${index % 49}":1`).join(',')}}`, '/k0'],
    ['{"__proto__":1}', '/__proto__'],
    ['{"a":{"\\u005f\\u005fproto__":1}}', '/a/__proto__'],
    ['{"constructor":{"a":1,"prototype":1}}', '/constructor/prototype'],
    ['[1,[2,1e999]]', '/1/1'],
    [`{"a":${'['.repeat(MAX_DEPTH)}${']'.repeat(MAX_DEPTH)}}`, `/a${'/0'.repeat(MAX_DEPTH - 1)}`],
  ])('says where %s is unsafe', (json, pointer) => {
    expect(findUnsafe(json)?.pointer).toBe(pointer);
  });

  it.each([
    '0',
    '-0',
    '0.0',
    '0e999',
    '1.50',
    '1E2',
    '1e-05',
    '100000000000000000000',
    '1e21',
    '9007199254740992',
    '123456789012345680000',
    '0.1',
    '0.10000000000000001',
    '0.1000000000000000055511151231257827',
    '3.141592653589793',
    '1.7976931348623157e308',
    '5e-324',
    '2.2250738585072014e-308',
    '1234567890.12345',
  ])('lets the number %s pass', (json) => {
    expect(findUnsafe(json)).toBeNull();
  });

  it.each([
    '12345678901234567890',
    '9007199254740993',
    '-9007199254740993',
    '9007199254740993.0',
    '900719925474099.3e1',
    '0.12345678901234567890',
    '3.14159265358979323846',
    '1e400',
    '-1e400',
    '1e-400',
    '1.2345e-320',
    '1' + '0'.repeat(400),
    '0.' + '1'.repeat(500),
  ])('refuses the number %s', (json) => {
    expect(findUnsafe(json)?.detail).toMatch(/cannot be kept exactly/);
  });
});
