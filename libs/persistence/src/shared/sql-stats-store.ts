import {
  STATUSES,
  StatsStore,
  type Failure,
  type RecentFailure,
  type TaskStatus,
  type TypeCounts,
  type WaitingTask,
} from '@app/tasks';
import type { Sql, StoredInstant } from './sql.js';

/** More types than this are not looked for. */
const MOST_TYPES = 200;

/** See {@link StatsStore} for what the methods mean. */
export class SqlStatsStore extends StatsStore {
  constructor(private readonly sql: Sql) {
    super();
  }

  /** One step in the index for each type: not every database skips from one value to the next by itself. */
  async types(): Promise<string[]> {
    const types: string[] = [];
    for (let last = ''; types.length < MOST_TYPES;) {
      const [next] = await this.sql.rows<{ type: string }>(
        `SELECT type FROM tasks ${this.sql.useIndex('tasks_type')} WHERE type > ? ORDER BY type LIMIT 1`,
        [last],
      );
      if (!next) break;
      types.push((last = next.type));
    }
    return types;
  }

  async counts(types: readonly string[], limit: number): Promise<TypeCounts[]> {
    if (types.length === 0) return [];
    const places = types.flatMap((type) => STATUSES.map((status) => [type, status]));
    const count = `SELECT ? AS type, ? AS status, COUNT(*) AS n FROM
      (SELECT id FROM tasks ${this.sql.useIndex('tasks_type')} WHERE type = ? AND status = ? LIMIT ?) AS some`;
    const rows = await this.sql.rows<{ type: string; status: TaskStatus; n: number }>(
      places.map(() => count).join(' UNION ALL '),
      places.flatMap(([type, status]) => [type, status, type, status, limit]),
    );
    const byType = new Map(types.map((type) => [type, countsOf(type)]));
    for (const { type, status, n } of rows) byType.get(type)![status] = Number(n);
    return [...byType.values()];
  }

  async oldestWaiting(type: string, looks: number): Promise<WaitingTask | null> {
    const [row] = await this.sql.rows<{ id: string; dueAt: StoredInstant; waitedMs: number }>(
      `SELECT id, run_at AS dueAt, ${this.sql.millisecondsFrom('run_at', this.sql.now)} AS waitedMs FROM
         (SELECT id, run_at FROM tasks ${this.sql.useIndex('tasks_type')} WHERE type = ? AND status = 'PENDING' ORDER BY id LIMIT ?) AS oldest
       WHERE run_at <= ${this.sql.now} ORDER BY run_at, id LIMIT 1`,
      [type, looks],
    );
    return row ? { id: row.id, type, dueAt: new Date(row.dueAt), waitedMs: Number(row.waitedMs) } : null;
  }

  async failures(limit: number): Promise<RecentFailure[]> {
    const rows = await this.sql.rows<{ id: string; type: string; error: string | null; at: StoredInstant }>(
      `SELECT id, type, error, COALESCE(completed_at, updated_at) AS at FROM tasks ${this.sql.useIndex('tasks_status')}
       WHERE status = 'FAILED' ORDER BY id DESC LIMIT ?`,
      [limit],
    );
    return rows.map(({ error, at, ...row }) => ({
      ...row,
      error: error === null ? null : (JSON.parse(error) as Failure),
      at: new Date(at),
    }));
  }
}

function countsOf(type: string): TypeCounts {
  return { type, PENDING: 0, PROCESSING: 0, COMPLETED: 0, FAILED: 0, CANCELLED: 0 };
}
