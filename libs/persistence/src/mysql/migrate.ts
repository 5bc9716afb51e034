import { createHash } from 'node:crypto';
import { MigrationExecutor, type DataSource, type QueryRunner } from 'typeorm';

/** How long a process waits for another one that is migrating. */
const LOCK_WAIT_SECONDS = 10;

/** Brings the schema up to date. Processes that boot together do it one after another. */
export async function migrate(dataSource: DataSource): Promise<void> {
  const runner = dataSource.createQueryRunner();
  const name = lockName(String(dataSource.options.database));
  try {
    await lock(runner, name);
    const executor = new MigrationExecutor(dataSource, runner);
    // MySQL commits every DDL statement by itself; a transaction around them would only look like one.
    executor.transaction = 'none';
    await executor.executePendingMigrations();
  } finally {
    // The connection goes back to the pool. If it is lost, so is the lock.
    await runner.query('DO RELEASE_LOCK(?)', [name]).catch(() => undefined);
    await runner.release();
  }
}

/** The lock belongs to the session, so it must be the one that migrates. */
async function lock(runner: QueryRunner, name: string): Promise<void> {
  const rows = (await runner.query('SELECT GET_LOCK(?, ?) AS taken', [name, LOCK_WAIT_SECONDS])) as { taken: number | null }[];
  if (rows[0]?.taken !== 1) throw new Error('Another process is still migrating the database.');
}

/** Locks are named for the whole server, in at most 64 characters; the name of a database can be as long by itself. */
function lockName(database: string): string {
  return `taskwell.migrations.${createHash('sha256').update(database).digest('hex').slice(0, 32)}`;
}
