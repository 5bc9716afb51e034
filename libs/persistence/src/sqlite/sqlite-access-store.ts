import { DatabaseAccessStore } from '../access/database-access-store.js';
import { ACCESS_READS } from '../access/works.js';
import type { SqliteFile } from './sqlite-file.js';

/** Users, sessions, keys and the audit in the SQLite file of this process. */
export function sqliteAccessStore(file: SqliteFile): DatabaseAccessStore {
  return new DatabaseAccessStore(
    (name, ...given) => file.call(name in ACCESS_READS ? 'readAccess' : 'changeAccess', name, given) as Promise<never>,
  );
}
