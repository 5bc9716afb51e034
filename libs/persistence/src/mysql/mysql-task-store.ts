import {
  TaskStore,
  type Announcement,
  type ClaimTerms,
  type ClaimedTask,
  type DueTask,
  type FileOutcome,
  type KeyedInsert,
  type KeyedOutcome,
  type Lease,
  type LinePosition,
  type LogLine,
  type NewTask,
  type PastAttempt,
  type Priority,
  type Report,
  type Task,
  type TaskFile,
  type TaskFilter,
  type TaskPage,
  type Transition,
} from '@app/tasks';
import { toClaimedTask } from '../claimed-row.js';
import { areCompletions } from '../completions.js';
import type { DatabaseAccessStore } from '../access/database-access-store.js';
import { listTasks } from '../list-query.js';
import { logsQuery } from '../logs-query.js';
import { SqlActionStore } from '../shared/sql-action-store.js';
import { SqlDutyStore } from '../shared/sql-duty-store.js';
import { SqlHistoryStore } from '../shared/sql-history-store.js';
import { SqlQueueStore } from '../shared/sql-queue-store.js';
import { SqlStatsStore } from '../shared/sql-stats-store.js';
import { SqlWorkerStore } from '../shared/sql-worker-store.js';
import {
  TASK_COLUMNS,
  toLogLine,
  toPastAttempt,
  toTask,
  toTaskFile,
  type AttemptRow,
  type FileRow,
  type LogRow,
  type TaskRow,
} from '../task-row.js';
import { mysqlAccessStore } from './access.js';
import type { MysqlConnector } from './connector.js';
import { keepFile } from './files.js';
import { needsMoreThanOne, insertOnce, insertTasks } from './insert.js';
import { claim, held, renew } from './leases.js';
import { mysqlListDialect } from './list-dialect.js';
import type { MysqlDatabase } from './mysql-database.js';
import { MysqlNoticeStore } from './mysql-notice-store.js';
import { MysqlRecordStore } from './mysql-record-store.js';
import { MysqlScheduleStore } from './mysql-schedule-store.js';
import { MysqlSql } from './mysql-sql.js';
import { report } from './reports.js';
import { complete, settleAll } from './settle.js';
import { MysqlArchiveStore } from './mysql-archive-store.js';
import { MysqlCallbackStore } from './mysql-callback-store.js';
import { ascii, marks } from './statements.js';

/** Tasks in MySQL 8.4+ or MariaDB 10.6+, shared by any number of processes. See {@link TaskStore} for what the methods mean. */
export class MysqlTaskStore extends TaskStore {
  readonly schedules: MysqlScheduleStore;
  readonly callbacks: MysqlCallbackStore;
  readonly notices: MysqlNoticeStore;
  readonly records: MysqlRecordStore;
  readonly archives: MysqlArchiveStore;
  readonly queues: SqlQueueStore;
  readonly workers: SqlWorkerStore;
  readonly stats: SqlStatsStore;
  readonly duties: SqlDutyStore;
  readonly actions: SqlActionStore;
  readonly history: SqlHistoryStore;
  readonly access: DatabaseAccessStore;

  constructor(
    private readonly db: MysqlDatabase,
    private readonly connector: MysqlConnector,
  ) {
    super();
    this.schedules = new MysqlScheduleStore(db);
    this.callbacks = new MysqlCallbackStore(db);
    this.notices = new MysqlNoticeStore(db);
    this.records = new MysqlRecordStore(db);
    this.archives = new MysqlArchiveStore(db);
    const sql = new MysqlSql(db);
    this.queues = new SqlQueueStore(sql);
    this.workers = new SqlWorkerStore(sql);
    this.stats = new SqlStatsStore(sql);
    this.duties = new SqlDutyStore(sql);
    this.actions = new SqlActionStore(sql);
    this.history = new SqlHistoryStore(sql);
    this.access = mysqlAccessStore(db);
  }

  async insert(tasks: readonly NewTask[], announceAgainMs: number): Promise<void> {
    if (needsMoreThanOne(tasks)) await this.db.transaction((statements) => insertTasks(statements, tasks, announceAgainMs));
    else await this.db.unit((statements) => insertTasks(statements, tasks, announceAgainMs));
  }

  async insertOnce(submissions: readonly KeyedInsert[], announceAgainMs: number): Promise<KeyedOutcome[]> {
    if (submissions.length === 0) return [];
    return this.db.transaction((statements) => insertOnce(statements, submissions, announceAgainMs));
  }

  async claim(ids: readonly string[], terms: ClaimTerms): Promise<ClaimedTask[]> {
    const rows = await this.db.unit((statements) => claim(statements, ids.map(ascii), terms));
    return rows.map(toClaimedTask);
  }

  async unclaimed(ids: readonly string[]): Promise<Task[]> {
    if (ids.length === 0) return [];
    const rows = await this.db.rows<TaskRow>(
      `SELECT ${TASK_COLUMNS} FROM tasks FORCE INDEX (PRIMARY)
       WHERE id IN (${marks(ids)}) AND status = 'PENDING' AND run_at <= UTC_TIMESTAMP(3)`,
      ids.map(ascii),
    );
    return rows.map(toTask);
  }

  async renew(leases: readonly Lease[], leaseMs: number): Promise<Lease[]> {
    return [...(await this.db.unit((statements) => renew(statements, leases, leaseMs)))];
  }

  async held(leases: readonly Lease[]): Promise<Lease[]> {
    return this.db.unit((statements) => held(statements, leases));
  }

  async settle(transitions: readonly Transition[]): Promise<boolean[]> {
    if (areCompletions(transitions) && !transitions.some(({ follow }) => follow)) {
      return this.db.unit((statements) => complete(statements, transitions));
    }
    return this.db.transaction((statements) => settleAll(statements, transitions));
  }

  async find(id: string): Promise<Task | null> {
    const [row] = await this.db.rows<TaskRow>(`SELECT ${TASK_COLUMNS} FROM tasks WHERE id = ?`, [ascii(id)]);
    return row ? toTask(row) : null;
  }

  async finished(ids: readonly string[]): Promise<string[]> {
    if (ids.length === 0) return [];
    const rows = await this.db.rows<{ id: string }>(
      `SELECT id FROM tasks FORCE INDEX (PRIMARY)
       WHERE id IN (${marks(ids)}) AND status IN ('COMPLETED', 'FAILED', 'CANCELLED')`,
      ids.map(ascii),
    );
    return rows.map(({ id }) => id);
  }

  async list(filter: TaskFilter, page: { size: number; before?: string }): Promise<TaskPage> {
    const { type } = filter;
    const asked = type === undefined ? filter : { ...filter, type: ascii(type) };
    return listTasks((sql, params) => this.db.rows(sql, params), mysqlListDialect, asked, page);
  }

  async pastAttempts(id: string): Promise<PastAttempt[]> {
    const rows = await this.db.rows<AttemptRow>(
      `SELECT attempt, worker_id AS workerId, started_at AS startedAt, ended_at AS endedAt, error
       FROM task_attempts WHERE task_id = ? ORDER BY attempt`,
      [ascii(id)],
    );
    return rows.map(toPastAttempt);
  }

  async report(reports: readonly Report[]): Promise<void> {
    await this.db.transaction((statements) => report(statements, reports));
  }

  async logs(id: string, page: { size: number; after?: LinePosition }): Promise<LogLine[]> {
    const { sql, params } = logsQuery(ascii(id), page);
    return (await this.db.rows<LogRow>(sql, params)).map(toLogLine);
  }

  async keepFile(lease: Lease, file: Omit<TaskFile, 'createdAt'>): Promise<FileOutcome> {
    return this.db.transaction((statements) => keepFile(statements, lease, file));
  }

  async files(id: string): Promise<TaskFile[]> {
    const rows = await this.db.rows<FileRow>(
      `SELECT CONVERT(name USING utf8mb4) AS name, media_type AS mediaType, size, sha256, storage_key AS storageKey,
         created_at AS createdAt FROM task_files WHERE task_id = ? ORDER BY task_files.name`,
      [ascii(id)],
    );
    return rows.map(toTaskFile);
  }

  async expired(limit: number): Promise<Task[]> {
    const rows = await this.db.rows<TaskRow>(
      `SELECT ${TASK_COLUMNS} FROM tasks FORCE INDEX (tasks_attention)
       WHERE status = 'PROCESSING' AND announce_at <= UTC_TIMESTAMP(3) AND lease_until <= UTC_TIMESTAMP(3)
       ORDER BY announce_at LIMIT ?`,
      [limit],
    );
    return rows.map(toTask);
  }

  async due(limit: number, aheadMs = 0): Promise<DueTask[]> {
    const rows = await this.db.rows<{ id: string; priority: Priority; fresh: 0 | 1 }>(
      `SELECT id, priority, announce_at <= run_at AS fresh FROM tasks FORCE INDEX (tasks_attention)
       WHERE status = 'PENDING' AND announce_at <= UTC_TIMESTAMP(3) + INTERVAL ? MICROSECOND AND run_at <= UTC_TIMESTAMP(3)
       ORDER BY announce_at LIMIT ?`,
      [aheadMs * 1000, limit],
    );
    return rows.map(({ id, priority, fresh }) => ({ id, priority, fresh: fresh === 1 }));
  }

  async parked(priority: Priority, limit: number): Promise<Announcement[]> {
    const rows = await this.db.rows<{ id: string }>(
      `SELECT id FROM tasks FORCE INDEX (tasks_attention)
       WHERE status = 'PENDING' AND announce_at IS NULL AND priority = ? ORDER BY id LIMIT ?`,
      [priority, limit],
    );
    return rows.map(({ id }) => ({ id, priority }));
  }

  async markAnnounced(ids: readonly string[], againInMs: number): Promise<void> {
    if (ids.length === 0) return;
    await this.db.affect(
      `UPDATE tasks FORCE INDEX (PRIMARY) SET announce_at = UTC_TIMESTAMP(3) + INTERVAL ? MICROSECOND
       WHERE id IN (${marks(ids)}) AND status = 'PENDING' AND run_at <= UTC_TIMESTAMP(3)`,
      [againInMs * 1000, ...ids],
    );
  }

  async park(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    // Not a row that was put back for later meanwhile: it must be announced when its time comes.
    await this.db.affect(
      `UPDATE tasks FORCE INDEX (PRIMARY) SET announce_at = NULL
       WHERE id IN (${marks(ids)}) AND status = 'PENDING' AND run_at <= UTC_TIMESTAMP(3)`,
      ids,
    );
  }

  async forgetKeys(limit: number): Promise<number> {
    return this.db.affect('DELETE FROM idempotency_keys WHERE expires_at <= UTC_TIMESTAMP(3) ORDER BY expires_at LIMIT ?', [
      limit,
    ]);
  }

  async ping(): Promise<void> {
    await this.db.rows('SELECT id FROM tasks LIMIT 1', []);
  }

  /** Ends the connections. */
  async close(): Promise<void> {
    await this.connector.close();
  }
}
