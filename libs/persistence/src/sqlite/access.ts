import { accessWork, type AccessWork } from '../access/works.js';
import { runWork } from './run-work.js';
import type { SqliteDatabase } from './sqlite-database.js';

/** Runs a unit of work of users, sessions, keys or the audit, in the thread that has the file open. */
export function runAccess(db: SqliteDatabase, now: number, name: AccessWork, given: readonly unknown[]): unknown {
  return runWork(db, accessWork(name, new Date(now), given));
}
