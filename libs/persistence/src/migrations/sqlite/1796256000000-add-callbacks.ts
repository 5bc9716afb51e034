import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is known of callbacks beside the tasks that deliver them. */
const ADD_CALLBACKS = [
  `CREATE TABLE callback_tries (
  delivery_id TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  at INTEGER NOT NULL,
  duration_ms INTEGER NOT NULL,
  status INTEGER,
  answer TEXT,
  error TEXT,
  PRIMARY KEY (delivery_id, attempt)
) STRICT, WITHOUT ROWID`,
  `CREATE TABLE secrets (
  name TEXT NOT NULL PRIMARY KEY,
  secret TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT`,
];

export class AddCallbacks1796256000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of ADD_CALLBACKS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['callback_tries', 'secrets']) await runner.query(`DROP TABLE ${table}`);
  }
}
