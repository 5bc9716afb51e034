import { MigrationExecutor, type DataSource, type QueryRunner } from 'typeorm';

/** How long a process waits for another one that is migrating. */
const LOCK_WAIT_SECONDS = 10;

/** Locks are named for the whole server, in at most 64 characters. */
const LOCK_NAME = `CONCAT('taskwell.migrations.', MD5(DATABASE()))`;

/** Brings the schema up to date. Processes that boot together do it one after another. */
export async function migrate(dataSource: DataSource): Promise<void> {
  const runner = dataSource.createQueryRunner();
  try {
    await lock(runner);
    const executor = new MigrationExecutor(dataSource, runner);
    // MySQL commits every DDL statement by itself; a transaction around them would only look like one.
    executor.transaction = 'none';
    await executor.executePendingMigrations();
  } finally {
    // The connection goes back to the pool. If it is lost, so is the lock.
    await runner.query(`DO RELEASE_LOCK(${LOCK_NAME})`).catch(() => undefined);
    await runner.release();
  }
}

/** The lock belongs to the session, so it must be the one that migrates. */
async function lock(runner: QueryRunner): Promise<void> {
  const rows = (await runner.query(`SELECT GET_LOCK(${LOCK_NAME}, ?) AS taken`, [LOCK_WAIT_SECONDS])) as {
    taken: number | null;
  }[];
  if (rows[0]?.taken !== 1) throw new Error('Another process is still migrating the database.');
}
