import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Notices of tasks that failed for good, and the mails that tell of them. */
const ADD_FAILURE_NOTICES = [
  `CREATE TABLE failure_notices (
  recipient TEXT NOT NULL,
  task_id TEXT NOT NULL,
  type TEXT NOT NULL,
  kind TEXT NOT NULL,
  error TEXT NOT NULL,
  failed_at INTEGER NOT NULL,
  mail_id TEXT,
  PRIMARY KEY (recipient, task_id)
) STRICT, WITHOUT ROWID`,
  'CREATE INDEX failure_notices_mail_id ON failure_notices (mail_id, recipient)',
  `CREATE TABLE failure_mails (
  recipient TEXT NOT NULL PRIMARY KEY,
  mail_id TEXT,
  sent INTEGER NOT NULL DEFAULT 0,
  earlier INTEGER NOT NULL DEFAULT 0,
  next_at INTEGER NOT NULL,
  holder TEXT,
  held_until INTEGER
) STRICT, WITHOUT ROWID`,
  'CREATE INDEX failure_mails_next_at ON failure_mails (next_at)',
];

export class AddFailureNotices1796342400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of ADD_FAILURE_NOTICES) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['failure_mails', 'failure_notices']) await runner.query(`DROP TABLE ${table}`);
  }
}
