import {
  TaskStore,
  type Announcement,
  type ClaimTerms,
  type DueTask,
  type KeyedInsert,
  type KeyedOutcome,
  type Lease,
  type NewTask,
  type PastAttempt,
  type Priority,
  type Task,
  type TaskFilter,
  type TaskPage,
  type Transition,
} from '@app/tasks';
import type { DataSource } from 'typeorm';
import { listTasks } from '../list-query.js';
import { TASK_COLUMNS, toPastAttempt, toTask, type AttemptRow, type TaskRow } from '../task-row.js';
import type { FileLock } from './file-lock.js';
import { insertOnce, insertTasks } from './insert.js';
import { claim, held, renew } from './leases.js';
import { sqliteListDialect } from './list-dialect.js';
import { settle } from './settle.js';
import type { SqliteDatabase } from './sqlite-database.js';

/** Tasks in one SQLite file that this process has for itself. See {@link TaskStore} for what the methods mean. */
export class SqliteTaskStore extends TaskStore {
  constructor(
    private readonly db: SqliteDatabase,
    private readonly dataSource: DataSource,
    private readonly lock: FileLock,
  ) {
    super();
  }

  async insert(tasks: readonly NewTask[], announceAgainMs: number): Promise<void> {
    await this.db.write((now) => insertTasks(this.db, now, tasks, announceAgainMs));
  }

  async insertOnce(submissions: readonly KeyedInsert[], announceAgainMs: number): Promise<KeyedOutcome[]> {
    return this.db.write((now) => submissions.map((submission) => insertOnce(this.db, now, submission, announceAgainMs)));
  }

  async claim(ids: readonly string[], terms: ClaimTerms): Promise<Task[]> {
    const rows = await this.db.write((now) => claim(this.db, now, ids, terms));
    return rows.map(toTask);
  }

  async renew(leases: readonly Lease[], leaseMs: number): Promise<Lease[]> {
    return this.db.write((now) => renew(this.db, now, leases, leaseMs));
  }

  async held(leases: readonly Lease[]): Promise<Lease[]> {
    return this.db.read(() => held(this.db, leases));
  }

  async settle(transitions: readonly Transition[]): Promise<boolean[]> {
    return this.db.write((now) => transitions.map((transition) => settle(this.db, now, transition)));
  }

  async find(id: string): Promise<Task | null> {
    const [row] = await this.rows<TaskRow>(`SELECT ${TASK_COLUMNS} FROM tasks WHERE id = ?`, [id]);
    return row ? toTask(row) : null;
  }

  async finished(ids: readonly string[]): Promise<string[]> {
    const rows = await this.rows<{ id: string }>(
      `SELECT id FROM tasks WHERE id IN (SELECT value FROM json_each(?)) AND status IN ('COMPLETED', 'FAILED', 'CANCELLED')`,
      [JSON.stringify(ids)],
    );
    return rows.map(({ id }) => id);
  }

  async list(filter: TaskFilter, page: { size: number; before?: string }): Promise<TaskPage> {
    return listTasks((sql, params) => this.rows(sql, params), sqliteListDialect, filter, page);
  }

  async pastAttempts(id: string): Promise<PastAttempt[]> {
    const rows = await this.rows<AttemptRow>(
      `SELECT attempt, worker_id AS workerId, started_at AS startedAt, ended_at AS endedAt, error
       FROM task_attempts WHERE task_id = ? ORDER BY attempt`,
      [id],
    );
    return rows.map(toPastAttempt);
  }

  async expired(limit: number): Promise<Task[]> {
    const rows = await this.db.read((now) =>
      this.db.rows<TaskRow>(
        `SELECT ${TASK_COLUMNS} FROM tasks INDEXED BY tasks_attention
         WHERE status = 'PROCESSING' AND announce_at <= ? AND lease_until <= ? ORDER BY announce_at LIMIT ?`,
        [now, now, limit],
      ),
    );
    return rows.map(toTask);
  }

  async due(limit: number): Promise<DueTask[]> {
    const rows = await this.db.read((now) =>
      this.db.rows<{ id: string; priority: Priority; fresh: number }>(
        `SELECT id, priority, announce_at <= run_at AS fresh FROM tasks INDEXED BY tasks_attention
         WHERE status = 'PENDING' AND announce_at <= ? ORDER BY announce_at LIMIT ?`,
        [now, limit],
      ),
    );
    return rows.map(({ id, priority, fresh }) => ({ id, priority, fresh: fresh === 1 }));
  }

  async parked(priority: Priority, limit: number): Promise<Announcement[]> {
    const rows = await this.rows<{ id: string }>(
      `SELECT id FROM tasks INDEXED BY tasks_attention
       WHERE status = 'PENDING' AND announce_at IS NULL AND priority = ? ORDER BY id LIMIT ?`,
      [priority, limit],
    );
    return rows.map(({ id }) => ({ id, priority }));
  }

  async markAnnounced(ids: readonly string[], againInMs: number): Promise<void> {
    await this.db.write((now) => this.setAnnounceAt(ids, now, now + againInMs));
  }

  async park(ids: readonly string[]): Promise<void> {
    await this.db.write((now) => this.setAnnounceAt(ids, now, null));
  }

  async forgetKeys(limit: number): Promise<number> {
    return this.db.write((now) =>
      this.db.affect(
        `DELETE FROM idempotency_keys WHERE idempotency_key IN
         (SELECT idempotency_key FROM idempotency_keys WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)`,
        [now, limit],
      ),
    );
  }

  async ping(): Promise<void> {
    await this.rows('SELECT id FROM tasks LIMIT 1', []);
  }

  /** Closes the file and lets another process have it. */
  async close(): Promise<void> {
    this.db.close();
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
    this.lock.release();
  }

  /** Leaves out rows that were put back for later meanwhile: they must be announced when their time comes. */
  private setAnnounceAt(ids: readonly string[], now: number, announceAt: number | null): void {
    this.db.affect(
      `UPDATE tasks SET announce_at = ? WHERE id IN (SELECT value FROM json_each(?)) AND status = 'PENDING' AND run_at <= ?`,
      [announceAt, JSON.stringify(ids), now],
    );
  }

  private rows<R>(sql: string, params: readonly unknown[]): Promise<R[]> {
    return this.db.read(() => this.db.rows<R>(sql, params));
  }
}
