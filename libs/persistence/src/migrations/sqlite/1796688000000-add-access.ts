import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Users, their sessions, keys of the API, and who did what. */
const ADD_ACCESS = [
  `CREATE TABLE users (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  disabled INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL
) STRICT`,
  `CREATE TABLE sessions (
  token_hash TEXT NOT NULL PRIMARY KEY,
  user_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL
) STRICT`,
  'CREATE INDEX sessions_user_id ON sessions (user_id)',
  'CREATE INDEX sessions_seen_at ON sessions (seen_at)',
  `CREATE TABLE api_keys (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  prefix TEXT NOT NULL,
  key_hash TEXT NOT NULL UNIQUE,
  scopes TEXT NOT NULL,
  types TEXT,
  expires_at INTEGER,
  rate_limit INTEGER,
  created_at INTEGER NOT NULL,
  last_used_at INTEGER
) STRICT`,
  `CREATE TABLE setup_tokens (
  token_hash TEXT NOT NULL PRIMARY KEY,
  created_at INTEGER NOT NULL
) STRICT`,
  `CREATE TABLE login_brakes (
  subject TEXT NOT NULL PRIMARY KEY,
  failures INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  open_at INTEGER NOT NULL
) STRICT`,
  'CREATE INDEX login_brakes_changed_at ON login_brakes (changed_at)',
  `CREATE TABLE audit (
  seq INTEGER NOT NULL PRIMARY KEY,
  at INTEGER NOT NULL,
  actor_kind TEXT NOT NULL,
  actor_id TEXT,
  actor_name TEXT,
  action TEXT NOT NULL,
  target_kind TEXT NOT NULL,
  target_id TEXT,
  detail TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT`,
  'CREATE INDEX audit_actor_id ON audit (actor_id, seq)',
  'CREATE INDEX audit_actor_name ON audit (actor_name, seq)',
  'CREATE INDEX audit_action ON audit (action, seq)',
  `CREATE TABLE audit_head (
  id INTEGER NOT NULL PRIMARY KEY,
  seq INTEGER NOT NULL,
  hash TEXT NOT NULL
) STRICT`,
  `INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '${'0'.repeat(64)}')`,
];

const TABLES = ['users', 'sessions', 'api_keys', 'setup_tokens', 'login_brakes', 'audit', 'audit_head'];

export class AddAccess1796688000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of ADD_ACCESS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.query(`DROP TABLE ${table}`);
  }
}
