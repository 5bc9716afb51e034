import type { QueryClient } from '@tanstack/react-query';
import type { Page, Progress, Status, Task } from '../api/types';
import type { LiveEvent } from './feed';

/** What is held of a list: the pages that were read. */
interface Held {
  pages: Page<Task>[];
}

type Change = Partial<Pick<Task, 'status' | 'progress' | 'attempt'>>;

/** Brings what is held up to date: changes what is known, asks again for what is not. */
export function applyEvents(client: QueryClient, events: readonly LiveEvent[]): void {
  const changes = changesOf(events);
  client.setQueriesData<Held>({ queryKey: ['tasks', 'list'] }, (held) => held && withChanges(held, changes));
  for (const [id, change] of changes) {
    client.setQueryData<Task>(['task', id], (task) => task && { ...task, ...change });
    if (change.status) void client.invalidateQueries({ queryKey: ['task', id] });
  }
}

/** The last word about each task. */
export function changesOf(events: readonly LiveEvent[]): Map<string, Change> {
  const changes = new Map<string, Change>();
  for (const { event, task_id, data } of events) {
    if (task_id === null || (event !== 'status' && event !== 'progress')) continue;
    const change = changes.get(task_id) ?? {};
    if (event === 'progress') change.progress = (data as { progress: Progress | null }).progress;
    else Object.assign(change, statusOf(data));
    changes.set(task_id, change);
  }
  return changes;
}

function statusOf(data: unknown): Change {
  const { status, attempt } = data as { status: Status; attempt?: number };
  return attempt === undefined ? { status } : { status, attempt };
}

function withChanges(held: Held, changes: ReadonlyMap<string, Change>): Held {
  const touches = held.pages.some(({ items }) => items.some(({ task_id }) => changes.has(task_id)));
  if (!touches) return held;
  const pages = held.pages.map((page) => ({
    ...page,
    items: page.items.map((task) => (changes.has(task.task_id) ? { ...task, ...changes.get(task.task_id) } : task)),
  }));
  return { ...held, pages };
}
