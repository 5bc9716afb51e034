import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { CREATE_TASKS, CreateTasks1764547200000 } from '../src/migrations/mysql/1764547200000-create-tasks.js';

const FILE = new URL('../../../db/init.sql', import.meta.url);

/** What the migrations do, as a script; `migrations` is the table in which TypeORM keeps what was done. */
function initSql(): string {
  const done = { name: CreateTasks1764547200000.name, timestamp: 1764547200000 };
  return `-- The schema for MySQL 8.4+ and MariaDB 10.6+, for a database that is still empty.
-- Made from libs/persistence/src/migrations/mysql: UPDATE_INIT_SQL=1 with test/init-sql.spec.ts writes it anew.

${CREATE_TASKS.join(';\n\n')};

CREATE TABLE IF NOT EXISTS migrations (
  id INT NOT NULL AUTO_INCREMENT,
  timestamp BIGINT NOT NULL,
  name VARCHAR(255) NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;

INSERT INTO migrations (timestamp, name) VALUES (${done.timestamp}, '${done.name}');
`;
}

it('db/init.sql says what the migrations say', () => {
  if (process.env.UPDATE_INIT_SQL === '1') writeFileSync(FILE, initSql());

  expect(readFileSync(FILE, 'utf8')).toBe(initSql());
});
