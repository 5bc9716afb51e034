import { DataSource } from 'typeorm';
import type { DatabaseSettings } from '../database-settings.js';
import { MysqlConnector } from './connector.js';
import { mysqlOptions } from './data-source.js';
import { MysqlDatabase } from './mysql-database.js';
import { MysqlTaskStore } from './mysql-task-store.js';

/**
 * A store that connects in the background: until the database has answered and has the schema, every method rejects with
 * StoreUnavailable at once.
 */
export function openMysqlStore(settings: DatabaseSettings, dataSource = new DataSource(mysqlOptions(settings))): MysqlTaskStore {
  const connector = new MysqlConnector(dataSource);
  void connector.connect();
  return new MysqlTaskStore(new MysqlDatabase(connector, settings.databaseTimeoutMs), connector);
}
