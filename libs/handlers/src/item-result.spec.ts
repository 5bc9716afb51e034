import { describe, expect, it } from '@jest/globals';
import { ItemResult } from './item-result.js';

describe('ItemResult', () => {
  it('lists what items gave, and why others gave nothing, in their order', () => {
    const result = new ItemResult<number>(['a', 'b', 'a', '__proto__'], 10_000);
    result.add(0, 1);
    result.fail(1, 'no luck');
    result.add(2, 2);
    result.add(3, 3);

    expect(JSON.stringify(result.lists())).toBe('{"results":[{"a":1},{"a":2},{"__proto__":3}],"errors":[{"b":"no luck"}]}');
  });

  it('stays within its size: what has no room is an error of its own, and leaves room for those behind it', () => {
    const names = Array.from({ length: 100 }, (_, index) => `item ${index}`);
    const result = new ItemResult<string>(names, 8_000);
    for (const index of names.keys()) {
      if (index % 10 === 9) result.fail(index, 'y'.repeat(90));
      else result.add(index, index % 2 ? 'short' : 'x'.repeat(500));
    }
    const { results, errors } = result.lists();

    expect(JSON.stringify(result.lists()).length).toBeLessThanOrEqual(8_000);
    expect(results.length + errors.length).toBe(100);
    expect(results).toContainEqual({ 'item 97': 'short' });
    expect(errors).toContainEqual({ 'item 98': 'The result of the task has no room for it.' });
  });
});
