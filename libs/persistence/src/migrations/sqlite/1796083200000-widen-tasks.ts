import type { MigrationInterface, QueryRunner } from 'typeorm';

const COLUMNS = {
  retry_first_delay_seconds: 'INTEGER',
  retry_max_delay_seconds: 'INTEGER',
  callback_format: 'TEXT',
  notify_email: 'TEXT',
  schedule_id: 'TEXT',
};

/** What tasks say while they run, the files they keep, and further wishes of a submission. */
const WIDEN_TASKS = [
  `CREATE TABLE task_logs (
  task_id TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  line INTEGER NOT NULL,
  level TEXT NOT NULL CHECK (level IN ('debug', 'info', 'warn', 'error')),
  message TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (task_id, attempt, line)
) STRICT, WITHOUT ROWID`,
  `CREATE TABLE task_files (
  task_id TEXT NOT NULL,
  name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  storage_key TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (task_id, name)
) STRICT, WITHOUT ROWID`,
  ...Object.entries(COLUMNS).map(([column, type]) => `ALTER TABLE tasks ADD COLUMN ${column} ${type}`),
];

export class WidenTasks1796083200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of WIDEN_TASKS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['task_files', 'task_logs']) await runner.query(`DROP TABLE ${table}`);
    for (const column of Object.keys(COLUMNS)) await runner.query(`ALTER TABLE tasks DROP COLUMN ${column}`);
  }
}
