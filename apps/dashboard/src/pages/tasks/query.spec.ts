import { describe, expect, it } from '@jest/globals';
import { parseQuery, tokensOf, withKey } from './query';

const now = new Date('2027-01-31T12:00:00Z');

describe('parseQuery', () => {
  it('takes keys, quoted text and plain words apart', () => {
    const text = 'type:email.send status:failed,Pending tag:x "connection refused" now';

    expect(parseQuery(text, now)).toEqual({
      query: { type: 'email.send', status: 'FAILED,PENDING', tag: 'x', q: 'connection refused now' },
      mistakes: [],
    });
  });

  it('reads spans of time as instants', () => {
    expect(parseQuery('after:24h before:2027-01-31T11:00:00Z', now).query).toEqual({
      created_after: '2027-01-30T12:00:00.000Z',
      created_before: '2027-01-31T11:00:00.000Z',
    });
  });

  it('says what means nothing', () => {
    expect(parseQuery('status:DONE after:soon', now).mistakes).toHaveLength(2);
  });

  it('searches for what only looks like a key', () => {
    expect(parseQuery('http://example.com a:b', now).query).toEqual({ q: 'http://example.com a:b' });
  });

  it('takes a quote that is not closed as it comes', () => {
    expect(parseQuery('"half a', now).query).toEqual({ q: 'half a' });
    expect(parseQuery('"say \\"hi\\""', now).query).toEqual({ q: 'say "hi"' });
  });

  it('asks for everything with nothing', () => {
    expect(parseQuery('  ', now)).toEqual({ query: {}, mistakes: [] });
  });
});

describe('withKey', () => {
  it('sets, replaces and removes a key, and leaves the rest', () => {
    expect(withKey('tag:x "a b"', 'status', 'FAILED')).toBe('status:FAILED tag:x "a b"');
    expect(withKey('status:PENDING tag:x', 'status', 'FAILED')).toBe('status:FAILED tag:x');
    expect(withKey('status:PENDING tag:x', 'status', null)).toBe('tag:x');
  });
});

describe('tokensOf', () => {
  it('says where each token stands', () => {
    expect(tokensOf('a status:FAI').map(({ start, end }) => [start, end])).toEqual([
      [0, 1],
      [2, 12],
    ]);
  });
});
