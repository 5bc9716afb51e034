import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The trace that a task belongs to, of those that somebody follows. `db/init.sql` is made of this statement, which either happened or did
 * not: DDL commits by itself.
 */
export const ADD_TRACEPARENT = ['ALTER TABLE tasks ADD COLUMN traceparent CHAR(55) CHARACTER SET ascii COLLATE ascii_bin NULL'];

export class AddTraceparent1796860800000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    if (await runner.hasColumn('tasks', 'traceparent')) return;
    for (const statement of ADD_TRACEPARENT) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE tasks DROP COLUMN traceparent');
  }
}
