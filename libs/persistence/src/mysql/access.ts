import { DatabaseAccessStore } from '../access/database-access-store.js';
import { ACCESS_READS, accessWork } from '../access/works.js';
import type { MysqlDatabase } from './mysql-database.js';
import { runWork } from './run-work.js';
import type { Statements } from './statements.js';

/** Users, sessions, keys and the audit, shared by any number of processes. */
export function mysqlAccessStore(db: MysqlDatabase): DatabaseAccessStore {
  return new DatabaseAccessStore((name, ...given) => {
    const run = async (statements: Statements) => {
      const [clock] = await statements.rows<{ now: Date }>('SELECT UTC_TIMESTAMP(3) AS now');
      return runWork(statements, accessWork(name, clock!.now, given)) as never;
    };
    return name in ACCESS_READS ? db.unit(run) : db.transaction(run);
  });
}
