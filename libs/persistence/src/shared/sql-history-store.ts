import { HistoryStore, type Failure, type Progress, type TaskState } from '@app/tasks';
import { toInstant, type Sql, type StoredInstant } from './sql.js';

type Row = Omit<TaskState, 'error' | 'progress' | 'runAt' | 'createdAt' | 'startedAt' | 'updatedAt' | 'completedAt'> & {
  error: string | null;
  progress: string | null;
  runAt: StoredInstant;
  createdAt: StoredInstant;
  startedAt: StoredInstant | null;
  updatedAt: StoredInstant;
  completedAt: StoredInstant | null;
};

/** See {@link HistoryStore} for what the methods mean. */
export class SqlHistoryStore extends HistoryStore {
  constructor(private readonly sql: Sql) {
    super();
  }

  async states(ids: readonly string[]): Promise<TaskState[]> {
    if (ids.length === 0) return [];
    const these = this.sql.among(ids);
    const rows = await this.sql.rows<Row>(
      `SELECT id, type, title, status, attempt, worker_id AS workerId, error, progress, run_at AS runAt, created_at AS createdAt,
         started_at AS startedAt, updated_at AS updatedAt, completed_at AS completedAt
       FROM tasks ${this.sql.useIndex('PRIMARY')} WHERE id IN ${these.sql}`,
      these.params,
    );
    return rows.map((row) => ({
      ...row,
      error: row.error === null ? null : (JSON.parse(row.error) as Failure),
      progress: row.progress === null ? null : (JSON.parse(row.progress) as Progress),
      runAt: new Date(row.runAt),
      createdAt: new Date(row.createdAt),
      startedAt: toInstant(row.startedAt),
      updatedAt: new Date(row.updatedAt),
      completedAt: toInstant(row.completedAt),
    }));
  }
}
