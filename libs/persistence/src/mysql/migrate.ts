import { MigrationExecutor, type DataSource, type QueryRunner } from 'typeorm';

/** How long a process waits for another one that is migrating. */
const LOCK_WAIT_SECONDS = 10;

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
    await runner.query('DO RELEASE_LOCK(CONCAT(DATABASE(), ?))', ['.migrations']).catch(() => undefined);
    await runner.release();
  }
}

/** The lock belongs to the session, so it must be the one that migrates. Its name holds for the whole server. */
async function lock(runner: QueryRunner): Promise<void> {
  const sql = 'SELECT GET_LOCK(CONCAT(DATABASE(), ?), ?) AS taken';
  const rows = (await runner.query(sql, ['.migrations', LOCK_WAIT_SECONDS])) as { taken: number | null }[];
  if (rows[0]?.taken !== 1) throw new Error('Another process is still migrating the database.');
}
