import { QueueStore, type QueueDepth, type QueueState } from '@app/tasks';
import { toInstant, type Sql, type StoredInstant } from './sql.js';

/** Of a longer queue, so many of its oldest tasks and so many of its newest are looked at, and stand for the others. */
const SAMPLE = 500;
/** Nothing is counted further. */
export const COUNT_LIMIT = 100_000;

/** When a task of a paused queue must be announced: not before its queue is resumed. */
const HELD = new Date(Date.UTC(9999, 0, 1));

/** See {@link QueueStore} for what the methods mean. */
export class SqlQueueStore extends QueueStore {
  constructor(private readonly sql: Sql) {
    super();
  }

  async states(): Promise<QueueState[]> {
    const rows = await this.sql.rows<{ type: string; pausedAt: StoredInstant | null; resumedAt: StoredInstant | null }>(
      'SELECT type, paused_at AS pausedAt, resumed_at AS resumedAt FROM queues ORDER BY type',
    );
    return rows.map(({ type, pausedAt, resumedAt }) => ({
      type,
      pausedAt: toInstant(pausedAt),
      resumedAt: toInstant(resumedAt),
    }));
  }

  async pause(type: string): Promise<void> {
    const { now } = this.sql;
    await this.sql.together([
      {
        sql: `INSERT INTO queues (type, paused_at, resumed_at) VALUES (?, NULL, NULL) ${this.sql.onDuplicate(['type'], [])}`,
        params: [type],
      },
      { sql: `UPDATE queues SET paused_at = COALESCE(paused_at, ${now}), resumed_at = NULL WHERE type = ?`, params: [type] },
    ]);
  }

  async resume(type: string): Promise<void> {
    await this.sql.together([
      {
        sql: `UPDATE queues SET resumed_at = ${this.sql.now}, paused_at = NULL WHERE type = ? AND paused_at IS NOT NULL`,
        params: [type],
      },
    ]);
  }

  async hold(ids: readonly string[]): Promise<number> {
    if (ids.length === 0) return 0;
    const these = this.sql.among(ids);
    const [held] = await this.sql.together(
      [
        {
          sql: `UPDATE tasks ${this.byId} SET announce_at = ? WHERE id IN ${these.sql} AND status = 'PENDING'
                AND run_at <= ${this.sql.now} AND type IN (SELECT type FROM queues WHERE paused_at IS NOT NULL)`,
          params: [this.sql.instant(HELD), ...these.params],
        },
      ],
      true,
    );
    return held!;
  }

  async release(type: string, after: string, limit: number): Promise<string | null> {
    const rows = await this.sql.rows<{ id: string }>(
      `SELECT id FROM tasks ${this.sql.useIndex('tasks_type')} WHERE type = ? AND status = 'PENDING' AND id > ? ORDER BY id LIMIT ?`,
      [type, after, limit],
    );
    const ids = rows.map(({ id }) => id);
    if (ids.length === 0) return null;
    const these = this.sql.among(ids);
    await this.sql.together(
      [
        {
          sql: `UPDATE tasks ${this.byId} SET announce_at = ${this.sql.now}
                WHERE id IN ${these.sql} AND status = 'PENDING' AND announce_at = ?`,
          params: [...these.params, this.sql.instant(HELD)],
        },
      ],
      true,
    );
    return ids.length === limit ? ids.at(-1)! : null;
  }

  async released(type: string, forMs: number): Promise<boolean> {
    const [ended] = await this.sql.together([
      {
        sql: `UPDATE queues SET resumed_at = NULL WHERE type = ? AND paused_at IS NULL AND resumed_at <= ${this.sql.ago}`,
        params: [type, forMs],
      },
    ]);
    return ended === 1;
  }

  async depth(type: string): Promise<QueueDepth> {
    const [pending, processing, oldest, newest] = await Promise.all([
      this.count(type, 'PENDING'),
      this.count(type, 'PROCESSING'),
      this.sample(type, 'ASC'),
      this.sample(type, 'DESC'),
    ]);
    const seen = pending <= SAMPLE ? oldest : [...oldest, ...newest];
    const share = seen.length === 0 ? 0 : seen.filter(({ waitedMs }) => waitedMs >= 0).length / seen.length;
    const ready = Math.round(pending * share);
    const longest = Math.max(-1, ...seen.map(({ waitedMs }) => waitedMs));
    return {
      type,
      ready,
      scheduled: pending - ready,
      processing,
      oldestReadyMs: longest < 0 ? null : longest,
      exact: pending <= SAMPLE,
    };
  }

  async before(id: string, type: string, limit: number): Promise<number> {
    const rows = await this.sql.rows<{ n: number }>(
      `SELECT COUNT(*) AS n FROM (SELECT id, run_at FROM tasks ${this.sql.useIndex('tasks_type')}
         WHERE type = ? AND status = 'PENDING' AND id < ? ORDER BY id DESC LIMIT ?) AS earlier WHERE run_at <= ${this.sql.now}`,
      [type, id, limit],
    );
    return Number(rows[0]!.n);
  }

  private get byId(): string {
    return this.sql.useIndex('PRIMARY');
  }

  private async count(type: string, status: string): Promise<number> {
    const [row] = await this.sql.rows<{ n: number }>(
      `SELECT COUNT(*) AS n FROM (SELECT id FROM tasks ${this.sql.useIndex('tasks_type')}
         WHERE type = ? AND status = ? LIMIT ?) AS some`,
      [type, status, COUNT_LIMIT],
    );
    return Number(row!.n);
  }

  /** How long the tasks at one end of the queue have been due; negative if they are not yet. */
  private async sample(type: string, order: 'ASC' | 'DESC'): Promise<{ waitedMs: number }[]> {
    const rows = await this.sql.rows<{ waitedMs: number }>(
      `SELECT ${this.sql.millisecondsFrom('run_at', this.sql.now)} AS waitedMs FROM tasks ${this.sql.useIndex('tasks_type')}
       WHERE type = ? AND status = 'PENDING' ORDER BY id ${order} LIMIT ?`,
      [type, SAMPLE],
    );
    return rows.map(({ waitedMs }) => ({ waitedMs: Number(waitedMs) }));
  }
}
