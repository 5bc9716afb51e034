export { openMysqlStore } from './mysql/open.js';
export { PersistenceModule } from './persistence.module.js';
export { openSqliteStore } from './sqlite/open.js';
