import { likePattern, type ListDialect } from '../list-query.js';

export const mysqlListDialect: ListDialect = {
  orderedJoin: 'STRAIGHT_JOIN',
  useIndex: (name) => `FORCE INDEX (${name})`,
  instant: (at) => at,
  contains(q) {
    const pattern = likePattern(q);
    return {
      sql: `(LOWER(tasks.title) LIKE LOWER(?) ESCAPE '|' OR LOWER(tasks.description) LIKE LOWER(?) ESCAPE '|')`,
      params: [pattern, pattern],
    };
  },
};
