import { describe, expect, it } from '@jest/globals';
import type { Page, Task } from '../../api/types';
import { withHead } from './head';

const page = (...ids: string[]): Page<Task> => ({
  items: ids.map((task_id) => ({ task_id, status: 'PENDING' }) as Task),
  next_page_token: 'more',
});
const idsOf = (held: { pages: Page<Task>[] }) => held.pages.map(({ items }) => items.map(({ task_id }) => task_id));
const held = { pages: [page('f', 'e', 'd'), page('c', 'b', 'a')], pageParams: [undefined, 'more'] };

describe('withHead', () => {
  it('puts what is new in front, once', () => {
    expect(idsOf(withHead(held, page('h', 'g', 'f')))).toEqual([
      ['h', 'g', 'f', 'e', 'd'],
      ['c', 'b', 'a'],
    ]);
  });

  it('takes over what has changed', () => {
    const head = page('f', 'e', 'd');
    head.items[1]!.status = 'COMPLETED';

    expect(withHead(held, head).pages[0]!.items[1]!.status).toBe('COMPLETED');
  });

  it('begins anew where there would be a gap, and while there is one page only', () => {
    expect(idsOf(withHead(held, page('z', 'y', 'x')))).toEqual([['z', 'y', 'x']]);
    expect(idsOf(withHead({ pages: [page('b', 'a')], pageParams: [undefined] }, page('c', 'b')))).toEqual([['c', 'b']]);
  });
});
