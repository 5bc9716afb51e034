import type { Task } from '@app/tasks';
import { SEARCHED, likePattern, withinJson, type ListDialect } from '../list-query.js';

/** SQLite's LIKE knows upper and lower case of ASCII only: other letters match anything there and are compared here. */
export const sqliteListDialect: ListDialect = {
  orderedJoin: 'CROSS JOIN',
  useIndex: (name) => (name === 'PRIMARY' ? '' : `INDEXED BY ${name}`),
  instant: (at) => at.getTime(),
  contains(q) {
    const columns = [...SEARCHED.text, ...SEARCHED.json];
    const [text, json] = [likePattern(q), likePattern(withinJson(q))].map((one) => one.replaceAll(/\P{ASCII}/gu, '_'));
    return {
      sql: `(${columns.map((column) => `tasks.${column} LIKE ? ESCAPE '|'`).join(' OR ')})`,
      params: [...SEARCHED.text.map(() => text), ...SEARCHED.json.map(() => json)],
    };
  },
  reallyContains(task: Task, q: string) {
    const wanted = q.toLowerCase();
    const wantedInJson = withinJson(q).toLowerCase();
    return (
      SEARCHED.text.some((column) => task[column]?.toLowerCase().includes(wanted)) ||
      SEARCHED.json.some((column) => task[column] !== null && JSON.stringify(task[column]).toLowerCase().includes(wantedInJson))
    );
  },
};
