import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Libsql from 'libsql';
import { DataSource, type DataSourceOptions } from 'typeorm';
import type { DatabaseSettings } from '../database-settings.js';
import { CreateTasks1764547200000 } from '../migrations/sqlite/1764547200000-create-tasks.js';
import { WidenTasks1796083200000 } from '../migrations/sqlite/1796083200000-widen-tasks.js';
import { AddSchedules1796169600000 } from '../migrations/sqlite/1796169600000-add-schedules.js';
import { AddCallbacks1796256000000 } from '../migrations/sqlite/1796256000000-add-callbacks.js';
import { AddFailureNotices1796342400000 } from '../migrations/sqlite/1796342400000-add-failure-notices.js';
import { AddAccess1796688000000 } from '../migrations/sqlite/1796688000000-add-access.js';
import { AddRecords1796515200000 } from '../migrations/sqlite/1796515200000-add-records.js';
import { AddArchives1796601600000 } from '../migrations/sqlite/1796601600000-add-archives.js';
import { AddOperations1796774400000 } from '../migrations/sqlite/1796774400000-add-operations.js';
import { AddTraceparent1796860800000 } from '../migrations/sqlite/1796860800000-add-traceparent.js';
import { FileLock } from './file-lock.js';
import { SqliteFile } from './sqlite-file.js';
import { SqliteTaskStore } from './sqlite-task-store.js';

/** How long a statement waits for another program that has the file locked. All others wait with it, so: hardly. */
const BUSY_TIMEOUT_MS = 100;

/** TypeORM's options for the file that `databaseUrl` names (`sqlite:PATH`). */
export function sqliteOptions(settings: DatabaseSettings): DataSourceOptions {
  return {
    type: 'better-sqlite3',
    driver: Libsql,
    database: pathOf(settings),
    timeout: BUSY_TIMEOUT_MS,
    enableWAL: true,
    migrations: [
      CreateTasks1764547200000,
      WidenTasks1796083200000,
      AddSchedules1796169600000,
      AddCallbacks1796256000000,
      AddFailureNotices1796342400000,
      AddRecords1796515200000,
      AddArchives1796601600000,
      AddAccess1796688000000,
      AddOperations1796774400000,
      AddTraceparent1796860800000,
    ],
  };
}

/**
 * Opens the file for this process alone, making it and its folder if they are missing, and brings its schema up to date.
 *
 * @throws Error in one line when the file is in use by another process, is no database, or cannot be written.
 */
export async function openSqliteStore(
  settings: DatabaseSettings,
  dataSource = new DataSource(sqliteOptions(settings)),
): Promise<SqliteTaskStore> {
  const path = pathOf(settings);
  let lock: FileLock | undefined;
  try {
    mkdirSync(dirname(path), { recursive: true });
    lock = FileLock.take(path);
    await dataSource.initialize();
    await dataSource.runMigrations();
    await dataSource.destroy();
    return new SqliteTaskStore(await SqliteFile.open({ path, busyTimeoutMs: BUSY_TIMEOUT_MS }), lock);
  } catch (error) {
    if (dataSource.isInitialized) await dataSource.destroy();
    lock?.release();
    throw new Error(`Cannot open the database file "${path}": ${(error as Error).message}.`, { cause: error });
  }
}

function pathOf(settings: DatabaseSettings): string {
  return settings.databaseUrl.slice('sqlite:'.length);
}
