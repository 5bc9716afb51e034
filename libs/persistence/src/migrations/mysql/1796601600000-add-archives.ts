import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Archives, the files that they are made of, and how many rows of an import are in archives only. `db/init.sql` is made of these
 * statements. The column comes by one statement, which either happened or did not: DDL commits by itself.
 */
export const ADD_ARCHIVES = [
  `CREATE TABLE IF NOT EXISTS archives (
  id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  fiscal_year INT NULL,
  period_from DATETIME(3) NOT NULL,
  period_to DATETIME(3) NOT NULL,
  time_zone VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  prefix VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  delete_rows TINYINT NOT NULL,
  status ENUM('EXPORTING', 'VERIFIED', 'DELETING', 'COMPLETED', 'RESTORING', 'RESTORED') CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  deleted BIGINT NOT NULL DEFAULT 0,
  restored BIGINT NOT NULL DEFAULT 0,
  manifest TEXT NULL,
  restore_task_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL,
  created_at DATETIME(3) NOT NULL,
  updated_at DATETIME(3) NOT NULL,
  verified_at DATETIME(3) NULL,
  completed_at DATETIME(3) NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
  `CREATE TABLE IF NOT EXISTS archive_parts (
  archive_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  kind ENUM('records', 'tasks', 'deliveries') CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  number INT NOT NULL,
  row_count BIGINT NOT NULL,
  first_key VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  last_key VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  object TEXT NOT NULL,
  keys_object TEXT NOT NULL,
  removed TINYINT NOT NULL DEFAULT 0,
  restored TINYINT NOT NULL DEFAULT 0,
  PRIMARY KEY (archive_id, kind, number)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
  `ALTER TABLE imports ADD COLUMN archived BIGINT NOT NULL DEFAULT 0`,
];

export class AddArchives1796601600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const widened = await runner.hasColumn('imports', 'archived');
    for (const statement of ADD_ARCHIVES) {
      if (!(widened && statement.startsWith('ALTER'))) await runner.query(statement);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE imports DROP COLUMN archived');
    await runner.query('DROP TABLE archive_parts, archives');
  }
}
