import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { mysqlOptions } from '../src/mysql/data-source.js';
import { CREATE_TASKS } from '../src/migrations/mysql/1764547200000-create-tasks.js';
import { ADD_CALLBACKS } from '../src/migrations/mysql/1796256000000-add-callbacks.js';
import { WIDEN_TASKS } from '../src/migrations/mysql/1796083200000-widen-tasks.js';
import { ADD_SCHEDULES } from '../src/migrations/mysql/1796169600000-add-schedules.js';
import { ADD_ACCESS } from '../src/migrations/mysql/1796688000000-add-access.js';
import { ADD_RECORDS } from '../src/migrations/mysql/1796515200000-add-records.js';
import { ADD_ARCHIVES } from '../src/migrations/mysql/1796601600000-add-archives.js';
import { ADD_OPERATIONS } from '../src/migrations/mysql/1796774400000-add-operations.js';
import { ADD_TRACEPARENT } from '../src/migrations/mysql/1796860800000-add-traceparent.js';
import { ADD_FAILURE_NOTICES } from '../src/migrations/mysql/1796342400000-add-failure-notices.js';

const FILE = new URL('../../../db/init.sql', import.meta.url);

const STATEMENTS = [
  ...CREATE_TASKS,
  ...WIDEN_TASKS,
  ...ADD_SCHEDULES,
  ...ADD_CALLBACKS,
  ...ADD_FAILURE_NOTICES,
  ...ADD_RECORDS,
  ...ADD_ARCHIVES,
  ...ADD_ACCESS,
  ...ADD_OPERATIONS,
  ...ADD_TRACEPARENT,
];

/** The migrations by name: TypeORM's names end in their time. */
const DONE = (
  mysqlOptions({ databaseUrl: 'mysql://u@h/d', databaseTimeoutMs: 1, databasePoolSize: 1 }).migrations as { name: string }[]
).map(({ name }) => `(${name.slice(-13)}, '${name}')`);

/** What the migrations do, as a script; `migrations` is the table in which TypeORM keeps what was done. */
function initSql(): string {
  return `-- The schema for MySQL 8.4+ and MariaDB 10.6+, for a database that is still empty.
-- Made from libs/persistence/src/migrations/mysql: UPDATE_INIT_SQL=1 with test/init-sql.spec.ts writes it anew.

${STATEMENTS.join(';\n\n')};

CREATE TABLE IF NOT EXISTS migrations (
  id INT NOT NULL AUTO_INCREMENT,
  timestamp BIGINT NOT NULL,
  name VARCHAR(255) NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;

INSERT INTO migrations (timestamp, name) VALUES
  ${DONE.join(',\n  ')};
`;
}

it('db/init.sql says what the migrations say', () => {
  if (process.env.UPDATE_INIT_SQL === '1') writeFileSync(FILE, initSql());

  expect(readFileSync(FILE, 'utf8')).toBe(initSql());
});
