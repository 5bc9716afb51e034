import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Notices of tasks that failed for good, and the mails that tell of them. `db/init.sql` is made of these statements. */
export const ADD_FAILURE_NOTICES = [
  `CREATE TABLE IF NOT EXISTS failure_notices (
  recipient VARCHAR(320) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  task_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  type VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  kind VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  error VARCHAR(200) NOT NULL,
  failed_at DATETIME(3) NOT NULL,
  mail_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL,
  PRIMARY KEY (recipient, task_id),
  KEY failure_notices_mail_id (mail_id, recipient)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
  `CREATE TABLE IF NOT EXISTS failure_mails (
  recipient VARCHAR(320) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  mail_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL,
  sent TINYINT NOT NULL DEFAULT 0,
  earlier INT NOT NULL DEFAULT 0,
  next_at DATETIME(3) NOT NULL,
  holder CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL,
  held_until DATETIME(3) NULL,
  PRIMARY KEY (recipient),
  KEY failure_mails_next_at (next_at)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
];

export class AddFailureNotices1796342400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of ADD_FAILURE_NOTICES) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE failure_mails, failure_notices');
  }
}
