import type { Page, Task } from '../../api/types';

/** The pages of a list as they are held. */
export interface Held {
  pages: Page<Task>[];
  pageParams: (string | undefined)[];
}

/**
 * The list with its newest page brought up to date. Where so much has come that the newest page no longer meets what is held, the list
 * begins anew.
 */
export function withHead(held: Held, head: Page<Task>): Held {
  const anew = { pages: [head], pageParams: [undefined] };
  const [first, ...older] = held.pages;
  if (first === undefined || older.length === 0) return anew;
  const known = new Set(held.pages.flatMap(({ items }) => items.map(({ task_id }) => task_id)));
  const oldest = head.items.at(-1);
  if (oldest === undefined || !known.has(oldest.task_id)) return anew;
  const fresh = new Map(head.items.map((task) => [task.task_id, task]));
  const added = head.items.filter(({ task_id }) => !known.has(task_id));
  const updated = (page: Page<Task>) => ({ ...page, items: page.items.map((task) => fresh.get(task.task_id) ?? task) });
  return { ...held, pages: [{ ...first, items: [...added, ...updated(first).items] }, ...older.map(updated)] };
}
