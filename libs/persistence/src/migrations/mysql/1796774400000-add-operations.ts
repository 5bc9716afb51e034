import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What operators see and do: paused queues, workers, figures by the minute and the hour, and actions on many tasks. `db/init.sql` is
 * made of these statements.
 */
export const ADD_OPERATIONS = [
  `CREATE TABLE IF NOT EXISTS queues (
  type VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  paused_at DATETIME(3) NULL,
  resumed_at DATETIME(3) NULL,
  PRIMARY KEY (type)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
  `CREATE TABLE IF NOT EXISTS workers (
  id VARCHAR(100) NOT NULL,
  host VARCHAR(255) NOT NULL,
  pid INT NOT NULL,
  version VARCHAR(32) NOT NULL,
  types MEDIUMTEXT NOT NULL,
  slots INT NOT NULL,
  busy INT NOT NULL,
  running MEDIUMTEXT NOT NULL,
  drain_at DATETIME(3) NULL,
  started_at DATETIME(3) NOT NULL,
  seen_at DATETIME(3) NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
  `CREATE TABLE IF NOT EXISTS task_stats (
  step_seconds INT NOT NULL,
  at DATETIME(3) NOT NULL,
  type VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  submitted INT NOT NULL,
  started INT NOT NULL,
  completed INT NOT NULL,
  failed INT NOT NULL,
  cancelled INT NOT NULL,
  waits TEXT NOT NULL,
  runs TEXT NOT NULL,
  PRIMARY KEY (step_seconds, at, type)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
  `CREATE TABLE IF NOT EXISTS duties (
  name VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  holder VARCHAR(100) NOT NULL,
  until_at DATETIME(3) NOT NULL,
  PRIMARY KEY (name)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
  `CREATE TABLE IF NOT EXISTS bulk_actions (
  id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  action VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  status ENUM('RUNNING', 'DONE') CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  request MEDIUMTEXT NOT NULL,
  position VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  total INT NOT NULL,
  done INT NOT NULL DEFAULT 0,
  failed INT NOT NULL DEFAULT 0,
  errors MEDIUMTEXT NOT NULL,
  created_at DATETIME(3) NOT NULL,
  updated_at DATETIME(3) NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
];

export class AddOperations1796774400000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of ADD_OPERATIONS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE bulk_actions, duties, task_stats, workers, queues');
  }
}
