import type { Work } from '../access/work.js';
import { accessWork, type AccessWork } from '../access/works.js';
import type { SqliteDatabase } from './sqlite-database.js';

/** Runs a unit of work of users, sessions, keys or the audit, in the thread that has the file open. */
export function runAccess(db: SqliteDatabase, now: number, name: AccessWork, given: readonly unknown[]): unknown {
  return drive(db, accessWork(name, new Date(now), given));
}

function drive<T>(db: SqliteDatabase, work: Work<T>): T {
  let step = work.next();
  while (!step.done) {
    const { kind, sql, params } = step.value;
    const values = params.map((value) => (value instanceof Date ? value.getTime() : value));
    step = work.next(db[kind](sql, values));
  }
  return step.value;
}
