import type { Task } from '@app/tasks';
import { likePattern, type ListDialect } from '../list-query.js';

/** SQLite's LIKE knows upper and lower case of ASCII only: other letters match anything there and are compared here. */
export const sqliteListDialect: ListDialect = {
  orderedJoin: 'CROSS JOIN',
  useIndex: (name) => (name === 'PRIMARY' ? '' : `INDEXED BY ${name}`),
  instant: (at) => at.getTime(),
  contains(q) {
    const pattern = likePattern(q).replaceAll(/\P{ASCII}/gu, '_');
    return { sql: `(tasks.title LIKE ? ESCAPE '|' OR tasks.description LIKE ? ESCAPE '|')`, params: [pattern, pattern] };
  },
  reallyContains(task: Task, q: string) {
    const wanted = q.toLowerCase();
    return task.title.toLowerCase().includes(wanted) || (task.description?.toLowerCase().includes(wanted) ?? false);
  },
};
