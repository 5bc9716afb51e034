import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Schedules, the ticks that were seen to, and which tasks came of which schedule: a table of its own as for tags, because an index on
 * `tasks` would be paid for by every insert. `db/init.sql` is made of these statements.
 */
export const ADD_SCHEDULES = [
  `CREATE TABLE IF NOT EXISTS schedules (
  id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  title VARCHAR(255) NOT NULL,
  cron VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  time_zone VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  task MEDIUMTEXT NOT NULL,
  request MEDIUMTEXT NOT NULL,
  overlap ENUM('skip', 'queue') CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  missed ENUM('none', 'last', 'all') CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  max_missed INT NOT NULL,
  ends_at DATETIME(3) NULL,
  status ENUM('ACTIVE', 'PAUSED', 'ENDED') CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  next_at DATETIME(3) NULL,
  last_at DATETIME(3) NULL,
  last_task_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL,
  waiting INT NOT NULL DEFAULT 0,
  version INT NOT NULL DEFAULT 1,
  created_at DATETIME(3) NOT NULL,
  updated_at DATETIME(3) NOT NULL,
  PRIMARY KEY (id),
  KEY schedules_next_at (status, next_at),
  KEY schedules_waiting (waiting)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
  `CREATE TABLE IF NOT EXISTS schedule_fires (
  schedule_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  tick_at DATETIME(3) NOT NULL,
  outcome ENUM('fired', 'waiting', 'skipped') CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  task_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL,
  PRIMARY KEY (schedule_id, tick_at),
  KEY schedule_fires_outcome (schedule_id, outcome, tick_at),
  KEY schedule_fires_tick_at (tick_at)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
  `CREATE TABLE IF NOT EXISTS schedule_tasks (
  schedule_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  task_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (schedule_id, task_id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
];

export class AddSchedules1796169600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of ADD_SCHEDULES) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE schedule_tasks, schedule_fires, schedules');
  }
}
