import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is known of callbacks beside the tasks that deliver them. `db/init.sql` is made of these statements too. */
export const ADD_CALLBACKS = [
  `CREATE TABLE IF NOT EXISTS callback_tries (
  delivery_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  attempt INT NOT NULL,
  at DATETIME(3) NOT NULL,
  duration_ms INT NOT NULL,
  status INT NULL,
  answer TEXT NULL,
  error VARCHAR(500) NULL,
  PRIMARY KEY (delivery_id, attempt)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
  `CREATE TABLE IF NOT EXISTS secrets (
  name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  secret VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  created_at DATETIME(3) NOT NULL,
  PRIMARY KEY (name)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
];

export class AddCallbacks1796256000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of ADD_CALLBACKS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE callback_tries, secrets');
  }
}
