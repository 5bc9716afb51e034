import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Schedules, the ticks that were seen to, and which tasks came of which schedule. */
const ADD_SCHEDULES = [
  `CREATE TABLE schedules (
  id TEXT NOT NULL PRIMARY KEY,
  title TEXT NOT NULL,
  cron TEXT NOT NULL,
  time_zone TEXT NOT NULL,
  task TEXT NOT NULL,
  request TEXT NOT NULL,
  overlap TEXT NOT NULL CHECK (overlap IN ('skip', 'queue')),
  missed TEXT NOT NULL CHECK (missed IN ('none', 'last', 'all')),
  max_missed INTEGER NOT NULL,
  ends_at INTEGER,
  status TEXT NOT NULL CHECK (status IN ('ACTIVE', 'PAUSED', 'ENDED')),
  next_at INTEGER,
  last_at INTEGER,
  last_task_id TEXT,
  waiting INTEGER NOT NULL DEFAULT 0,
  version INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT`,
  'CREATE INDEX schedules_next_at ON schedules (status, next_at)',
  'CREATE INDEX schedules_waiting ON schedules (waiting)',
  `CREATE TABLE schedule_fires (
  schedule_id TEXT NOT NULL,
  tick_at INTEGER NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('fired', 'waiting', 'skipped')),
  task_id TEXT,
  PRIMARY KEY (schedule_id, tick_at)
) STRICT, WITHOUT ROWID`,
  'CREATE INDEX schedule_fires_outcome ON schedule_fires (schedule_id, outcome, tick_at)',
  'CREATE INDEX schedule_fires_tick_at ON schedule_fires (tick_at)',
  `CREATE TABLE schedule_tasks (
  schedule_id TEXT NOT NULL,
  task_id TEXT NOT NULL,
  PRIMARY KEY (schedule_id, task_id)
) STRICT, WITHOUT ROWID`,
];

export class AddSchedules1796169600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of ADD_SCHEDULES) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['schedule_tasks', 'schedule_fires', 'schedules']) await runner.query(`DROP TABLE ${table}`);
  }
}
