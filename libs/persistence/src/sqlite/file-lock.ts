import Libsql from 'libsql';

/**
 * Keeps a second process off a database file. SQLite itself would let it in, and then two sweepers and two clocks of
 * announcements work on the same rows. The lock is a transaction on a file beside it, which the system ends with the process.
 */
export class FileLock {
  private constructor(private readonly connection: Libsql.Database) {}

  /** @throws Error when another process has the lock, or the file cannot be made. */
  static take(databasePath: string): FileLock {
    const connection = new Libsql(`${databasePath}.lock`, { timeout: 0 });
    try {
      connection.exec('BEGIN EXCLUSIVE');
    } catch (error) {
      connection.close();
      if ((error as { code?: string }).code === 'SQLITE_BUSY') throw new Error('another process is using it', { cause: error });
      throw error;
    }
    return new FileLock(connection);
  }

  release(): void {
    if (this.connection.open) this.connection.close();
  }
}
