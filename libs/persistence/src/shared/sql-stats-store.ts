import {
  FINAL_STATUSES,
  STATUSES,
  StatsStore,
  bucketOf,
  type Failure,
  type Figures,
  type Histogram,
  type RecentFailure,
  type StatsClock,
  type TaskStatus,
  type TypeCounts,
  type WaitingTask,
} from '@app/tasks';
import { firstIdOf } from '../list-query.js';
import { toInstant, type Sql, type StoredInstant } from './sql.js';

/** More types than this are not looked for. */
const MOST_TYPES = 200;

const EMPTY = { type: '', submitted: 0, started: 0, completed: 0, failed: 0, cancelled: 0, waits: {}, runs: {} };

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

  async clock(stepSeconds: number): Promise<StatsClock> {
    const [row] = await this.sql.rows<{ last: StoredInstant | null; now: StoredInstant }>(
      `SELECT MAX(at) AS last, ${this.sql.now} AS now FROM task_stats WHERE step_seconds = ?`,
      [stepSeconds],
    );
    return { last: toInstant(row!.last), now: new Date(row!.now) };
  }

  async measure(from: Date, to: Date): Promise<Figures[]> {
    const byType = new Map<string, Figures & { waits: Record<number, number>; runs: Record<number, number> }>();
    const of = (type: string) => {
      const figures = byType.get(type) ?? {
        ...{ at: from, type, submitted: 0, started: 0, completed: 0, failed: 0, cancelled: 0 },
        ...{ waits: {}, runs: {} },
      };
      byType.set(type, figures);
      return figures;
    };
    for (const { type, n } of await this.submitted(from, to)) of(type).submitted += Number(n);
    for (const { type, n } of await this.begun(from, to)) of(type).started += Number(n);
    for (const row of await this.ended(from, to)) {
      const figures = of(row.type);
      if (row.startedIn) figures.started++;
      if (row.status === 'COMPLETED') figures.completed++;
      else if (row.status === 'FAILED') figures.failed++;
      else figures.cancelled++;
      if (row.startedAt === null) continue;
      count(figures.waits, Number(row.startedAt) - Number(row.runAt));
      if (row.status !== 'CANCELLED') count(figures.runs, Number(row.endedAt) - Number(row.startedAt));
    }
    return [...byType.values()];
  }

  async keep(stepSeconds: number, at: Date, figures: readonly Omit<Figures, 'at'>[]): Promise<void> {
    const instant = this.sql.instant(at);
    await this.sql.together(
      [
        { sql: 'DELETE FROM task_stats WHERE step_seconds = ? AND at = ?', params: [stepSeconds, instant] },
        // Says that the step is done, also if nothing happened in it.
        ...[EMPTY, ...figures].map(({ type, submitted, started, completed, failed, cancelled, waits, runs }) => ({
          sql: `INSERT INTO task_stats (step_seconds, at, type, submitted, started, completed, failed, cancelled, waits, runs)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
          params: [
            ...[stepSeconds, instant, type, submitted, started, completed, failed, cancelled],
            ...[JSON.stringify(waits), JSON.stringify(runs)],
          ],
        })),
      ],
      true,
    );
  }

  async figures(stepSeconds: number, from: Date, to: Date, type?: string): Promise<Figures[]> {
    const rows = await this.sql.rows<Omit<Figures, 'at' | 'waits' | 'runs'> & { at: StoredInstant; waits: string; runs: string }>(
      `SELECT at, type, submitted, started, completed, failed, cancelled, waits, runs FROM task_stats
       WHERE step_seconds = ? AND at >= ? AND at < ? AND type <> '' ${type === undefined ? '' : 'AND type = ?'} ORDER BY at`,
      [stepSeconds, this.sql.instant(from), this.sql.instant(to), ...(type === undefined ? [] : [type])],
    );
    return rows.map(({ at, waits, runs, ...row }) => ({
      ...row,
      at: new Date(at),
      waits: JSON.parse(waits) as Histogram,
      runs: JSON.parse(runs) as Histogram,
    }));
  }

  async forget(before: Date): Promise<void> {
    await this.sql.together([{ sql: 'DELETE FROM task_stats WHERE at < ?', params: [this.sql.instant(before)] }], true);
  }

  /** Ids carry the time of their submission, so a stretch of time is one of each index. */
  private async submitted(from: Date, to: Date): Promise<{ type: string; n: number }[]> {
    const types = await this.types();
    if (types.length === 0) return [];
    const [first, last] = [firstIdOf(from.getTime()), firstIdOf(to.getTime())];
    const places = types.flatMap((type) => STATUSES.map((status) => [type, status]));
    return this.sql.rows(
      places
        .map(
          () => `SELECT ? AS type, COUNT(*) AS n FROM tasks ${this.sql.useIndex('tasks_type')}
                 WHERE type = ? AND status = ? AND id >= ? AND id < ?`,
        )
        .join(' UNION ALL '),
      places.flatMap(([type, status]) => [type, type, status, first, last]),
    );
  }

  /** Those that run now and began then. */
  private begun(from: Date, to: Date): Promise<{ type: string; n: number }[]> {
    return this.sql.rows(
      `SELECT type, COUNT(*) AS n FROM tasks ${this.sql.useIndex('tasks_status')}
       WHERE status = 'PROCESSING' AND started_at >= ? AND started_at < ? GROUP BY type`,
      [this.sql.instant(from), this.sql.instant(to)],
    );
  }

  /** `announce_at` of a task that has ended is when it did: the index of what needs attention finds it. */
  private async ended(from: Date, to: Date) {
    const rows = await this.sql.rows<{
      type: string;
      status: TaskStatus;
      runAt: StoredInstant;
      startedAt: StoredInstant | null;
      endedAt: StoredInstant;
    }>(
      FINAL_STATUSES.map(
        () => `SELECT type, status, run_at AS runAt, started_at AS startedAt, announce_at AS endedAt
               FROM tasks ${this.sql.useIndex('tasks_attention')} WHERE status = ? AND announce_at >= ? AND announce_at < ?`,
      ).join(' UNION ALL '),
      FINAL_STATUSES.flatMap((status) => [status, this.sql.instant(from), this.sql.instant(to)]),
    );
    return rows.map((row) => ({ ...row, startedIn: row.startedAt !== null && Number(row.startedAt) >= from.getTime() }));
  }
}

function count(histogram: Record<number, number>, ms: number): void {
  const bucket = bucketOf(Math.max(0, ms));
  histogram[bucket] = (histogram[bucket] ?? 0) + 1;
}

function countsOf(type: string): TypeCounts {
  return { type, PENDING: 0, PROCESSING: 0, COMPLETED: 0, FAILED: 0, CANCELLED: 0 };
}
