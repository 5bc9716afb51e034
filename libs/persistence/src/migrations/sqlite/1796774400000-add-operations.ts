import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What operators see and do. See the MySQL migration of this name. */
const ADD_OPERATIONS = [
  `CREATE TABLE queues (
  type TEXT NOT NULL PRIMARY KEY,
  paused_at INTEGER,
  resumed_at INTEGER
) STRICT, WITHOUT ROWID`,
  `CREATE TABLE workers (
  id TEXT NOT NULL PRIMARY KEY,
  host TEXT NOT NULL,
  pid INTEGER NOT NULL,
  version TEXT NOT NULL,
  types TEXT NOT NULL,
  slots INTEGER NOT NULL,
  busy INTEGER NOT NULL,
  running TEXT NOT NULL,
  drain_at INTEGER,
  started_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID`,
  `CREATE TABLE task_stats (
  step_seconds INTEGER NOT NULL,
  at INTEGER NOT NULL,
  type TEXT NOT NULL,
  submitted INTEGER NOT NULL,
  started INTEGER NOT NULL,
  completed INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  cancelled INTEGER NOT NULL,
  waits TEXT NOT NULL,
  runs TEXT NOT NULL,
  PRIMARY KEY (step_seconds, at, type)
) STRICT, WITHOUT ROWID`,
  `CREATE TABLE duties (
  name TEXT NOT NULL PRIMARY KEY,
  holder TEXT NOT NULL,
  until_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID`,
  `CREATE TABLE bulk_actions (
  id TEXT NOT NULL PRIMARY KEY,
  action TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('RUNNING', 'DONE')),
  request TEXT NOT NULL,
  position TEXT NOT NULL,
  total INTEGER NOT NULL,
  done INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  errors TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT`,
];

export class AddOperations1796774400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of ADD_OPERATIONS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['bulk_actions', 'duties', 'task_stats', 'workers', 'queues']) await runner.query(`DROP TABLE ${table}`);
  }
}
