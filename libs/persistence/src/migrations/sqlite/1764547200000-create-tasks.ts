import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The first schema for SQLite. Instants are whole milliseconds since 1970; JSON values are text, kept as they came. */
const CREATE_TASKS = [
  `CREATE TABLE tasks (
  id TEXT NOT NULL PRIMARY KEY,
  type TEXT NOT NULL,
  title TEXT NOT NULL,
  description TEXT,
  status TEXT NOT NULL CHECK (status IN ('PENDING', 'PROCESSING', 'COMPLETED', 'FAILED', 'CANCELLED')),
  priority TEXT NOT NULL CHECK (priority IN ('low', 'normal', 'high')),
  payload TEXT,
  metadata TEXT,
  result TEXT,
  error TEXT,
  progress TEXT,
  tags TEXT NOT NULL,
  attempt INTEGER NOT NULL DEFAULT 0,
  max_attempts INTEGER NOT NULL,
  failures INTEGER NOT NULL DEFAULT 0,
  crashes INTEGER NOT NULL DEFAULT 0,
  timeout_seconds INTEGER,
  run_at INTEGER NOT NULL,
  lease_until INTEGER,
  worker_id TEXT,
  announce_at INTEGER,
  callback_url TEXT,
  retry_of TEXT,
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  updated_at INTEGER NOT NULL,
  completed_at INTEGER
) STRICT`,
  'CREATE INDEX tasks_attention ON tasks (status, announce_at, priority, id)',
  'CREATE INDEX tasks_status ON tasks (status, id)',
  'CREATE INDEX tasks_type ON tasks (type, status, id)',
  `CREATE TABLE task_attempts (
  task_id TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  worker_id TEXT,
  started_at INTEGER,
  ended_at INTEGER NOT NULL,
  error TEXT NOT NULL,
  PRIMARY KEY (task_id, attempt)
) STRICT, WITHOUT ROWID`,
  `CREATE TABLE task_tags (
  tag TEXT NOT NULL,
  task_id TEXT NOT NULL,
  PRIMARY KEY (tag, task_id)
) STRICT, WITHOUT ROWID`,
  `CREATE TABLE idempotency_keys (
  idempotency_key TEXT NOT NULL PRIMARY KEY,
  fingerprint TEXT NOT NULL,
  answer TEXT NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT`,
  'CREATE INDEX idempotency_keys_expires_at ON idempotency_keys (expires_at)',
];

export class CreateTasks1764547200000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of CREATE_TASKS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['idempotency_keys', 'task_tags', 'task_attempts', 'tasks']) await runner.query(`DROP TABLE ${table}`);
  }
}
