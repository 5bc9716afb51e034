import { SEARCHED, likePattern, withinJson, type ListDialect } from '../list-query.js';

export const mysqlListDialect: ListDialect = {
  orderedJoin: 'STRAIGHT_JOIN',
  useIndex: (name) => `FORCE INDEX (${name})`,
  instant: (at) => at,
  contains(q) {
    const columns = [...SEARCHED.text, ...SEARCHED.json];
    const [text, json] = [likePattern(q), likePattern(withinJson(q))];
    return {
      sql: `(${columns.map((column) => `LOWER(tasks.${column}) LIKE LOWER(?) ESCAPE '|'`).join(' OR ')})`,
      params: [...SEARCHED.text.map(() => text), ...SEARCHED.json.map(() => json)],
    };
  },
};
