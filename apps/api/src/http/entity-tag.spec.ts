import { describe, expect, it } from '@jest/globals';
import { entityTag, namesTag } from './entity-tag.js';

describe('namesTag', () => {
  const tag = entityTag('body');

  it.each([tag, `W/${tag}`, `"a", ${tag}`, `${tag},"b"`, '*'])('finds the tag in %s', (header) => {
    expect(namesTag(header, tag)).toBe(true);
  });

  it.each([undefined, '', '"a"', tag.slice(1, -1), entityTag('other')])('does not find it in %s', (header) => {
    expect(namesTag(header, tag)).toBe(false);
  });
});
