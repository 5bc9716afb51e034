import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Rows that files were made into. */
const ADD_RECORDS = [
  `CREATE TABLE datasets (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL
) STRICT`,
  `CREATE TABLE imports (
  number INTEGER PRIMARY KEY,
  dataset_no INTEGER NOT NULL,
  source TEXT NOT NULL,
  task_id TEXT NOT NULL,
  file_name TEXT NOT NULL,
  size INTEGER NOT NULL,
  format TEXT,
  fields TEXT NOT NULL,
  bytes_read INTEGER NOT NULL DEFAULT 0,
  row_no INTEGER NOT NULL DEFAULT 0,
  records INTEGER NOT NULL DEFAULT 0,
  errors INTEGER NOT NULL DEFAULT 0,
  outcome TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (dataset_no, source)
) STRICT`,
  `CREATE INDEX imports_task_id ON imports (task_id)`,
  `CREATE TABLE records (
  dataset_no INTEGER NOT NULL,
  import_no INTEGER NOT NULL,
  row_no INTEGER NOT NULL,
  data TEXT NOT NULL,
  PRIMARY KEY (dataset_no, import_no, row_no)
) STRICT, WITHOUT ROWID`,
  `CREATE TABLE record_errors (
  dataset_no INTEGER NOT NULL,
  import_no INTEGER NOT NULL,
  row_no INTEGER NOT NULL,
  line INTEGER,
  reason TEXT NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (dataset_no, import_no, row_no)
) STRICT, WITHOUT ROWID`,
];

export class AddRecords1796515200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of ADD_RECORDS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['record_errors', 'records', 'imports', 'datasets']) await runner.query(`DROP TABLE ${table}`);
  }
}
