import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Archives, the files that they are made of, and how many rows of an import are in archives only. */
const ADD_ARCHIVES = [
  `CREATE TABLE archives (
  id TEXT NOT NULL PRIMARY KEY,
  fiscal_year INTEGER,
  period_from INTEGER NOT NULL,
  period_to INTEGER NOT NULL,
  time_zone TEXT NOT NULL,
  prefix TEXT NOT NULL,
  delete_rows INTEGER NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('EXPORTING', 'VERIFIED', 'DELETING', 'COMPLETED', 'RESTORING', 'RESTORED')),
  deleted INTEGER NOT NULL DEFAULT 0,
  restored INTEGER NOT NULL DEFAULT 0,
  manifest TEXT,
  restore_task_id TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  verified_at INTEGER,
  completed_at INTEGER
) STRICT`,
  `CREATE TABLE archive_parts (
  archive_id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('records', 'tasks', 'deliveries')),
  number INTEGER NOT NULL,
  row_count INTEGER NOT NULL,
  first_key TEXT NOT NULL,
  last_key TEXT NOT NULL,
  object TEXT NOT NULL,
  keys_object TEXT NOT NULL,
  removed INTEGER NOT NULL DEFAULT 0,
  restored INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (archive_id, kind, number)
) STRICT, WITHOUT ROWID`,
  `ALTER TABLE imports ADD COLUMN archived INTEGER NOT NULL DEFAULT 0`,
];

export class AddArchives1796601600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of ADD_ARCHIVES) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE imports DROP COLUMN archived');
    for (const table of ['archive_parts', 'archives']) await runner.query(`DROP TABLE ${table}`);
  }
}
