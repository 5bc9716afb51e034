import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The trace that a task belongs to, of those that somebody follows. */
export class AddTraceparent1796860800000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE tasks ADD COLUMN traceparent TEXT');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE tasks DROP COLUMN traceparent');
  }
}
