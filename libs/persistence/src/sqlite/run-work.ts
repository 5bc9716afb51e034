import type { Work } from '../shared/work.js';
import type { SqliteDatabase } from './sqlite-database.js';

/** Runs a unit of work in the thread that has the file open. */
export function runWork<T>(db: SqliteDatabase, work: Work<T>): T {
  let step = work.next();
  while (!step.done) {
    const { kind, sql, params } = step.value;
    const values = params.map((value) => (value instanceof Date ? value.getTime() : value));
    step = work.next(db[kind](sql, values));
  }
  return step.value;
}
