import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Rows that files were made into. Their key holds numbers instead of names, and grows: rows are always added at the end of an import.
 * `db/init.sql` is made of these statements.
 */
export const ADD_RECORDS = [
  `CREATE TABLE IF NOT EXISTS datasets (
  number INT NOT NULL AUTO_INCREMENT,
  id VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  created_at DATETIME(3) NOT NULL,
  PRIMARY KEY (number),
  UNIQUE KEY datasets_id (id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
  `CREATE TABLE IF NOT EXISTS imports (
  number INT NOT NULL AUTO_INCREMENT,
  dataset_no INT NOT NULL,
  source VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  task_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  file_name VARCHAR(255) NOT NULL,
  size BIGINT NOT NULL,
  format VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL,
  fields MEDIUMTEXT NOT NULL,
  bytes_read BIGINT NOT NULL DEFAULT 0,
  row_no BIGINT NOT NULL DEFAULT 0,
  records BIGINT NOT NULL DEFAULT 0,
  errors BIGINT NOT NULL DEFAULT 0,
  outcome TEXT NULL,
  created_at DATETIME(3) NOT NULL,
  updated_at DATETIME(3) NOT NULL,
  PRIMARY KEY (number),
  UNIQUE KEY imports_source (dataset_no, source),
  KEY imports_task_id (task_id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
  `CREATE TABLE IF NOT EXISTS records (
  dataset_no INT NOT NULL,
  import_no INT NOT NULL,
  row_no BIGINT NOT NULL,
  data MEDIUMTEXT NOT NULL,
  PRIMARY KEY (dataset_no, import_no, row_no)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
  `CREATE TABLE IF NOT EXISTS record_errors (
  dataset_no INT NOT NULL,
  import_no INT NOT NULL,
  row_no BIGINT NOT NULL,
  line BIGINT NULL,
  reason TEXT NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (dataset_no, import_no, row_no)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
];

export class AddRecords1796515200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of ADD_RECORDS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE record_errors, records, imports, datasets');
  }
}
