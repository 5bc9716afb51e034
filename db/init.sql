-- The schema for MySQL 8.4+ and MariaDB 10.6+, for a database that is still empty.
-- Made from libs/persistence/src/migrations/mysql: UPDATE_INIT_SQL=1 with test/init-sql.spec.ts writes it anew.

CREATE TABLE IF NOT EXISTS tasks (
  id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  type VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  title VARCHAR(255) NOT NULL,
  description MEDIUMTEXT NULL,
  status ENUM('PENDING', 'PROCESSING', 'COMPLETED', 'FAILED', 'CANCELLED') CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  priority ENUM('low', 'normal', 'high') CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  payload MEDIUMTEXT NULL,
  metadata MEDIUMTEXT NULL,
  result MEDIUMTEXT NULL,
  error MEDIUMTEXT NULL,
  progress MEDIUMTEXT NULL,
  tags MEDIUMTEXT NOT NULL,
  attempt INT NOT NULL DEFAULT 0,
  max_attempts INT NOT NULL,
  failures INT NOT NULL DEFAULT 0,
  crashes INT NOT NULL DEFAULT 0,
  timeout_seconds INT NULL,
  run_at DATETIME(3) NOT NULL,
  lease_until DATETIME(3) NULL,
  worker_id VARCHAR(100) NULL,
  announce_at DATETIME(3) NULL,
  callback_url TEXT NULL,
  retry_of CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL,
  created_at DATETIME(3) NOT NULL,
  started_at DATETIME(3) NULL,
  updated_at DATETIME(3) NOT NULL,
  completed_at DATETIME(3) NULL,
  PRIMARY KEY (id),
  KEY tasks_attention (status, announce_at, priority),
  KEY tasks_status (status, id),
  KEY tasks_type (type, status, id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS task_attempts (
  task_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  attempt INT NOT NULL,
  worker_id VARCHAR(100) NULL,
  started_at DATETIME(3) NULL,
  ended_at DATETIME(3) NOT NULL,
  error MEDIUMTEXT NOT NULL,
  PRIMARY KEY (task_id, attempt)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS task_tags (
  tag VARBINARY(1020) NOT NULL,
  task_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (tag, task_id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS idempotency_keys (
  idempotency_key VARBINARY(1020) NOT NULL,
  fingerprint VARCHAR(128) NOT NULL,
  answer MEDIUMTEXT NOT NULL,
  token CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  expires_at DATETIME(3) NOT NULL,
  PRIMARY KEY (idempotency_key),
  KEY idempotency_keys_expires_at (expires_at)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS task_logs (
  task_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  attempt INT NOT NULL,
  line INT NOT NULL,
  level ENUM('debug', 'info', 'warn', 'error') CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  message TEXT NOT NULL,
  at DATETIME(3) NOT NULL,
  PRIMARY KEY (task_id, attempt, line)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS task_files (
  task_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name VARBINARY(1020) NOT NULL,
  media_type VARCHAR(255) NOT NULL,
  size BIGINT NOT NULL,
  sha256 CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  storage_key VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  created_at DATETIME(3) NOT NULL,
  PRIMARY KEY (task_id, name)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

ALTER TABLE tasks
  ADD COLUMN retry_first_delay_seconds INT NULL,
  ADD COLUMN retry_max_delay_seconds INT NULL,
  ADD COLUMN callback_format VARCHAR(16) NULL,
  ADD COLUMN notify_email VARCHAR(320) NULL,
  ADD COLUMN schedule_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL;

CREATE TABLE IF NOT EXISTS schedules (
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
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS schedule_fires (
  schedule_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  tick_at DATETIME(3) NOT NULL,
  outcome ENUM('fired', 'waiting', 'skipped') CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  task_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL,
  PRIMARY KEY (schedule_id, tick_at),
  KEY schedule_fires_outcome (schedule_id, outcome, tick_at),
  KEY schedule_fires_tick_at (tick_at)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS schedule_tasks (
  schedule_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  task_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (schedule_id, task_id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS callback_tries (
  delivery_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  attempt INT NOT NULL,
  at DATETIME(3) NOT NULL,
  duration_ms INT NOT NULL,
  status INT NULL,
  answer TEXT NULL,
  error VARCHAR(500) NULL,
  PRIMARY KEY (delivery_id, attempt)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS secrets (
  name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  secret VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  created_at DATETIME(3) NOT NULL,
  PRIMARY KEY (name)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS failure_notices (
  recipient VARCHAR(320) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  task_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  type VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  kind VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  error VARCHAR(200) NOT NULL,
  failed_at DATETIME(3) NOT NULL,
  mail_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL,
  PRIMARY KEY (recipient, task_id),
  KEY failure_notices_mail_id (mail_id, recipient)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS failure_mails (
  recipient VARCHAR(320) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  mail_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL,
  sent TINYINT NOT NULL DEFAULT 0,
  earlier INT NOT NULL DEFAULT 0,
  next_at DATETIME(3) NOT NULL,
  holder CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL,
  held_until DATETIME(3) NULL,
  PRIMARY KEY (recipient),
  KEY failure_mails_next_at (next_at)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS datasets (
  number INT NOT NULL AUTO_INCREMENT,
  id VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  created_at DATETIME(3) NOT NULL,
  PRIMARY KEY (number),
  UNIQUE KEY datasets_id (id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS imports (
  number INT NOT NULL AUTO_INCREMENT,
  dataset_no INT NOT NULL,
  source VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  task_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  file_name VARCHAR(255) NOT NULL,
  size BIGINT NOT NULL,
  format VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL,
  fields MEDIUMTEXT NOT NULL,
  bytes_read BIGINT NOT NULL DEFAULT 0,
  row_no BIGINT NOT NULL DEFAULT 0,
  records BIGINT NOT NULL DEFAULT 0,
  errors BIGINT NOT NULL DEFAULT 0,
  outcome TEXT NULL,
  created_at DATETIME(3) NOT NULL,
  updated_at DATETIME(3) NOT NULL,
  PRIMARY KEY (number),
  UNIQUE KEY imports_source (dataset_no, source),
  KEY imports_task_id (task_id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS records (
  dataset_no INT NOT NULL,
  import_no INT NOT NULL,
  row_no BIGINT NOT NULL,
  data MEDIUMTEXT NOT NULL,
  PRIMARY KEY (dataset_no, import_no, row_no)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS record_errors (
  dataset_no INT NOT NULL,
  import_no INT NOT NULL,
  row_no BIGINT NOT NULL,
  line BIGINT NULL,
  reason TEXT NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (dataset_no, import_no, row_no)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS archives (
  id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  fiscal_year INT NULL,
  period_from DATETIME(3) NOT NULL,
  period_to DATETIME(3) NOT NULL,
  time_zone VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  prefix VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  delete_rows TINYINT NOT NULL,
  status ENUM('EXPORTING', 'VERIFIED', 'DELETING', 'COMPLETED', 'RESTORING', 'RESTORED') CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  deleted BIGINT NOT NULL DEFAULT 0,
  restored BIGINT NOT NULL DEFAULT 0,
  manifest TEXT NULL,
  restore_task_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL,
  created_at DATETIME(3) NOT NULL,
  updated_at DATETIME(3) NOT NULL,
  verified_at DATETIME(3) NULL,
  completed_at DATETIME(3) NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS archive_parts (
  archive_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  kind ENUM('records', 'tasks', 'deliveries') CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  number INT NOT NULL,
  row_count BIGINT NOT NULL,
  first_key VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  last_key VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  object TEXT NOT NULL,
  keys_object TEXT NOT NULL,
  removed TINYINT NOT NULL DEFAULT 0,
  restored TINYINT NOT NULL DEFAULT 0,
  PRIMARY KEY (archive_id, kind, number)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

ALTER TABLE imports ADD COLUMN archived BIGINT NOT NULL DEFAULT 0;

CREATE TABLE IF NOT EXISTS users (
  id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  role ENUM('viewer','operator','admin') NOT NULL,
  password_hash VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  disabled TINYINT NOT NULL DEFAULT 0,
  created_at DATETIME(3) NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY users_name (name)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS sessions (
  token_hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  user_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  created_at DATETIME(3) NOT NULL,
  seen_at DATETIME(3) NOT NULL,
  PRIMARY KEY (token_hash),
  KEY sessions_user_id (user_id),
  KEY sessions_seen_at (seen_at)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS api_keys (
  id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name VARCHAR(255) NOT NULL,
  prefix VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  key_hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  scopes TEXT NOT NULL,
  types TEXT NULL,
  expires_at DATETIME(3) NULL,
  rate_limit INT NULL,
  created_at DATETIME(3) NOT NULL,
  last_used_at DATETIME(3) NULL,
  PRIMARY KEY (id),
  UNIQUE KEY api_keys_key_hash (key_hash)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS setup_tokens (
  token_hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  created_at DATETIME(3) NOT NULL,
  PRIMARY KEY (token_hash)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS login_brakes (
  subject CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  failures INT NOT NULL,
  changed_at DATETIME(3) NOT NULL,
  open_at DATETIME(3) NOT NULL,
  PRIMARY KEY (subject),
  KEY login_brakes_changed_at (changed_at)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS audit (
  seq BIGINT NOT NULL,
  at DATETIME(3) NOT NULL,
  actor_kind VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  actor_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NULL,
  actor_name VARCHAR(255) NULL,
  action VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  target_kind VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  target_id VARCHAR(255) NULL,
  detail MEDIUMTEXT NOT NULL,
  hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (seq),
  KEY audit_actor_id (actor_id, seq),
  KEY audit_actor_name (actor_name, seq),
  KEY audit_action (action, seq)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS audit_head (
  id TINYINT NOT NULL,
  seq BIGINT NOT NULL,
  hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, REPEAT('0', 64)) ON DUPLICATE KEY UPDATE id = id;

CREATE TABLE IF NOT EXISTS queues (
  type VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  paused_at DATETIME(3) NULL,
  resumed_at DATETIME(3) NULL,
  PRIMARY KEY (type)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS workers (
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
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS task_stats (
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
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS duties (
  name VARCHAR(80) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  holder VARCHAR(100) NOT NULL,
  until_at DATETIME(3) NOT NULL,
  PRIMARY KEY (name)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS bulk_actions (
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
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

ALTER TABLE tasks ADD COLUMN traceparent CHAR(55) CHARACTER SET ascii COLLATE ascii_bin NULL;

CREATE TABLE IF NOT EXISTS migrations (
  id INT NOT NULL AUTO_INCREMENT,
  timestamp BIGINT NOT NULL,
  name VARCHAR(255) NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB;

INSERT INTO migrations (timestamp, name) VALUES
  (1764547200000, 'CreateTasks1764547200000'),
  (1796083200000, 'WidenTasks1796083200000'),
  (1796169600000, 'AddSchedules1796169600000'),
  (1796256000000, 'AddCallbacks1796256000000'),
  (1796342400000, 'AddFailureNotices1796342400000'),
  (1796515200000, 'AddRecords1796515200000'),
  (1796601600000, 'AddArchives1796601600000'),
  (1796688000000, 'AddAccess1796688000000'),
  (1796774400000, 'AddOperations1796774400000'),
  (1796860800000, 'AddTraceparent1796860800000');
