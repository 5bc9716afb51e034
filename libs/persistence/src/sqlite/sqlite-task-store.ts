import {
  MAX_TASK_LINES,
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
import { toClaimedTask, type ClaimedRow } from '../claimed-row.js';
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
import type { FileLock } from './file-lock.js';
import { pack } from './insert.js';
import { packCompletions } from './settle.js';
import { sqliteListDialect } from './list-dialect.js';
import { SqliteArchiveStore } from './sqlite-archive-store.js';
import { sqliteAccessStore } from './sqlite-access-store.js';
import { SqliteCallbackStore } from './sqlite-callback-store.js';
import type { SqliteFile } from './sqlite-file.js';
import { SqliteNoticeStore } from './sqlite-notice-store.js';
import { SqliteRecordStore } from './sqlite-record-store.js';
import { SqliteScheduleStore } from './sqlite-schedule-store.js';
import { SqliteSql } from './sqlite-sql.js';

/** Tasks in one SQLite file that this process has for itself. See {@link TaskStore} for what the methods mean. */
export class SqliteTaskStore extends TaskStore {
  readonly schedules: SqliteScheduleStore;
  readonly callbacks: SqliteCallbackStore;
  readonly notices: SqliteNoticeStore;
  readonly records: SqliteRecordStore;
  readonly archives: SqliteArchiveStore;
  readonly queues: SqlQueueStore;
  readonly workers: SqlWorkerStore;
  readonly stats: SqlStatsStore;
  readonly duties: SqlDutyStore;
  readonly actions: SqlActionStore;
  readonly history: SqlHistoryStore;
  readonly access: DatabaseAccessStore;

  constructor(
    private readonly file: SqliteFile,
    private readonly lock: FileLock,
  ) {
    super();
    this.schedules = new SqliteScheduleStore(file);
    this.callbacks = new SqliteCallbackStore(file);
    this.notices = new SqliteNoticeStore(file);
    this.records = new SqliteRecordStore(file);
    this.archives = new SqliteArchiveStore(file);
    const sql = new SqliteSql(file);
    this.queues = new SqlQueueStore(sql);
    this.workers = new SqlWorkerStore(sql);
    this.stats = new SqlStatsStore(sql);
    this.duties = new SqlDutyStore(sql);
    this.actions = new SqlActionStore(sql);
    this.history = new SqlHistoryStore(sql);
    this.access = sqliteAccessStore(file);
  }

  insert(tasks: readonly NewTask[], announceAgainMs: number): Promise<void> {
    return this.file.call('insert', pack(tasks), announceAgainMs);
  }

  insertOnce(submissions: readonly KeyedInsert[], announceAgainMs: number): Promise<KeyedOutcome[]> {
    return this.file.call('insertOnce', submissions, announceAgainMs);
  }

  async claim(ids: readonly string[], terms: ClaimTerms): Promise<ClaimedTask[]> {
    return (await this.file.call('claim', ids, terms)).map((row) => toClaimedTask(JSON.parse(row) as ClaimedRow));
  }

  async unclaimed(ids: readonly string[]): Promise<Task[]> {
    return (await this.file.call('unclaimed', ids)).map(toTask);
  }

  renew(leases: readonly Lease[], leaseMs: number): Promise<Lease[]> {
    return this.file.call('renew', leases, leaseMs);
  }

  held(leases: readonly Lease[]): Promise<Lease[]> {
    return this.file.call('held', leases);
  }

  settle(transitions: readonly Transition[]): Promise<boolean[]> {
    const completions = packCompletions(transitions);
    return completions ? this.file.call('complete', completions) : this.file.call('settle', transitions);
  }

  async find(id: string): Promise<Task | null> {
    const [row] = await this.file.rows<TaskRow>(`SELECT ${TASK_COLUMNS} FROM tasks WHERE id = ?`, [id]);
    return row ? toTask(row) : null;
  }

  async finished(ids: readonly string[]): Promise<string[]> {
    const rows = await this.file.rows<{ id: string }>(
      `SELECT id FROM tasks WHERE id IN (SELECT value FROM json_each(?)) AND status IN ('COMPLETED', 'FAILED', 'CANCELLED')`,
      [JSON.stringify(ids)],
    );
    return rows.map(({ id }) => id);
  }

  list(filter: TaskFilter, page: { size: number; before?: string }): Promise<TaskPage> {
    return listTasks((sql, params) => this.file.rows(sql, params), sqliteListDialect, filter, page);
  }

  async pastAttempts(id: string): Promise<PastAttempt[]> {
    const rows = await this.file.rows<AttemptRow>(
      `SELECT attempt, worker_id AS workerId, started_at AS startedAt, ended_at AS endedAt, error
       FROM task_attempts WHERE task_id = ? ORDER BY attempt`,
      [id],
    );
    return rows.map(toPastAttempt);
  }

  report(reports: readonly Report[]): Promise<void> {
    return this.file.call('report', reports, MAX_TASK_LINES);
  }

  async logs(id: string, page: { size: number; after?: LinePosition }): Promise<LogLine[]> {
    const { sql, params } = logsQuery(id, page);
    return (await this.file.rows<LogRow>(sql, params)).map(toLogLine);
  }

  keepFile(lease: Lease, file: Omit<TaskFile, 'createdAt'>): Promise<FileOutcome> {
    return this.file.call('keepFile', lease, file);
  }

  async files(id: string): Promise<TaskFile[]> {
    const rows = await this.file.rows<FileRow>(
      `SELECT name, media_type AS mediaType, size, sha256, storage_key AS storageKey, created_at AS createdAt
       FROM task_files WHERE task_id = ? ORDER BY name`,
      [id],
    );
    return rows.map(toTaskFile);
  }

  async expired(limit: number): Promise<Task[]> {
    return (await this.file.call('expired', limit)).map(toTask);
  }

  async due(limit: number, aheadMs = 0): Promise<DueTask[]> {
    const rows = await this.file.call('due', limit, aheadMs);
    return rows.map(({ id, priority, fresh }) => ({ id, priority, fresh: fresh === 1 }));
  }

  async parked(priority: Priority, limit: number): Promise<Announcement[]> {
    const rows = await this.file.rows<{ id: string }>(
      `SELECT id FROM tasks INDEXED BY tasks_attention
       WHERE status = 'PENDING' AND announce_at IS NULL AND priority = ? ORDER BY id LIMIT ?`,
      [priority, limit],
    );
    return rows.map(({ id }) => ({ id, priority }));
  }

  markAnnounced(ids: readonly string[], againInMs: number): Promise<void> {
    return this.file.call('announceIn', ids, againInMs);
  }

  park(ids: readonly string[]): Promise<void> {
    return this.file.call('announceIn', ids, null);
  }

  forgetKeys(limit: number): Promise<number> {
    return this.file.call('forgetKeys', limit);
  }

  async ping(): Promise<void> {
    await this.file.rows('SELECT id FROM tasks LIMIT 1');
  }

  /** Closes the file and lets another process have it. */
  async close(): Promise<void> {
    await this.file.close();
    this.lock.release();
  }
}
