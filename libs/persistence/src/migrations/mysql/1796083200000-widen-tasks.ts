import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What tasks say while they run, the files they keep, and further wishes of a submission. `db/init.sql` is made of these statements.
 *
 * All columns of `tasks` come by one statement, which either happened or did not: DDL commits by itself, so a boot that was killed
 * half-way is finished by the next one.
 */
export const WIDEN_TASKS = [
  `CREATE TABLE IF NOT EXISTS task_logs (
  task_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  attempt INT NOT NULL,
  line INT NOT NULL,
  level ENUM('debug', 'info', 'warn', 'error') CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  message TEXT NOT NULL,
  at DATETIME(3) NOT NULL,
  PRIMARY KEY (task_id, attempt, line)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
  `CREATE TABLE IF NOT EXISTS task_files (
  task_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name VARBINARY(1020) NOT NULL,
  media_type VARCHAR(255) NOT NULL,
  size BIGINT NOT NULL,
  sha256 CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  storage_key VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  created_at DATETIME(3) NOT NULL,
  PRIMARY KEY (task_id, name)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
  `ALTER TABLE tasks
  ADD COLUMN retry_first_delay_seconds INT NULL,
  ADD COLUMN retry_max_delay_seconds INT NULL,
  ADD COLUMN callback_format VARCHAR(16) NULL,
  ADD COLUMN notify_email VARCHAR(320) NULL,
  ADD COLUMN schedule_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL`,
];

export class WidenTasks1796083200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const widened = await runner.hasColumn('tasks', 'schedule_id');
    for (const statement of WIDEN_TASKS) {
      if (!(widened && statement.startsWith('ALTER'))) await runner.query(statement);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE task_files, task_logs');
    await runner.query(`ALTER TABLE tasks DROP COLUMN retry_first_delay_seconds, DROP COLUMN retry_max_delay_seconds,
      DROP COLUMN callback_format, DROP COLUMN notify_email, DROP COLUMN schedule_id`);
  }
}
