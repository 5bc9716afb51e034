import Libsql from 'libsql';
import type { TestDatabase } from '../support/database.js';
import type { EndedAttempt, Row } from './evidence.js';

/** Reads the rows of one Taskwell, past Taskwell. */
export interface Rows {
  all(): Promise<Row[]>;
  attempts(): Promise<EndedAttempt[]>;
  /** The rows that changed at or after `since`, all of them if it is undefined, and when the latest change was. */
  changed(since?: Instant): Promise<{ states: State[]; latest?: Instant }>;
  /** How many are not final yet. */
  unfinished(): Promise<number>;
}

/** As the database gives it: text from MySQL, milliseconds from SQLite. */
export type Instant = string | number;

type State = Pick<Row, 'id' | 'status' | 'attempt'>;

type Stored = Omit<Row, 'submission' | 'result' | 'error' | 'createdAt' | 'completedAt'> & {
  metadata: string | null;
  result: string | null;
  error: string | null;
  createdAt: Date | number;
  completedAt: Date | number | null;
};

const COLUMNS = `id, type, status, attempt, failures, crashes, max_attempts AS maxAttempts, metadata, result, error,
  created_at AS createdAt, completed_at AS completedAt`;
/** Deliveries of callbacks and files are rows too, but not of submissions; scenarios look at what receivers got and what became rows. */
const SUBMITTED = `type NOT IN ('callback.deliver', 'file.import')`;
const ATTEMPTS = `SELECT task_id AS taskId, attempt, error FROM {db}task_attempts
  WHERE task_id IN (SELECT id FROM {db}tasks WHERE ${SUBMITTED})`;
const UNFINISHED = `SELECT COUNT(*) AS n FROM {db}tasks WHERE status IN ('PENDING', 'PROCESSING')`;

export function mysqlRows(database: TestDatabase): Rows {
  return rowsOf(async <R>(sql: string, params: unknown[] = []) => {
    const text = sql.replaceAll('{db}', '{db}.').replaceAll('{instant}', 'CAST(updated_at AS CHAR)');
    try {
      return await database.rows<R>(text, params);
    } catch (error) {
      // The server was away, or still is.
      if (!(error as { fatal?: boolean }).fatal && !/closed/.test((error as Error).message)) throw error;
      await database.reconnect();
      return database.rows<R>(text, params);
    }
  });
}

export function sqliteRows(path: string): Rows {
  return rowsOf(async <R>(sql: string, params: unknown[] = []) => {
    const connection = new Libsql(path, { readonly: true, timeout: 1_000 });
    try {
      const text = sql.replaceAll('{db}', '').replaceAll('{instant}', 'updated_at');
      return connection.prepare(text).all(params) as R[];
    } finally {
      connection.close();
    }
  });
}

function rowsOf(read: <R>(sql: string, params?: unknown[]) => Promise<R[]>): Rows {
  return {
    all: async () => (await read<Stored>(`SELECT ${COLUMNS} FROM {db}tasks WHERE ${SUBMITTED}`)).map(toRow),
    attempts: async () =>
      (await read<{ taskId: string; attempt: number; error: string }>(ATTEMPTS)).map(({ taskId, attempt, error }) => ({
        taskId,
        attempt,
        kind: (JSON.parse(error) as { kind: string }).kind,
      })),
    changed: async (since) => {
      const rows = await read<State & { updatedAt: Instant }>(
        `SELECT id, status, attempt, {instant} AS updatedAt FROM {db}tasks WHERE ${SUBMITTED} ${since === undefined ? '' : 'AND updated_at >= ?'}`,
        since === undefined ? [] : [since],
      );
      const states = rows.map(({ id, status, attempt }) => ({ id, status, attempt }));
      const later = (a: Instant | undefined, b: Instant) => (a === undefined || b > a ? b : a);
      return { states, latest: rows.reduce((latest, { updatedAt }) => later(latest, updatedAt), since) };
    },
    unfinished: async () => (await read<{ n: number }>(UNFINISHED))[0]!.n,
  };
}

function toRow({ metadata, result, error, createdAt, completedAt, ...rest }: Stored): Row {
  const noted = metadata === null ? null : (JSON.parse(metadata) as { submission?: string } | null);
  return {
    ...rest,
    submission: noted?.submission ?? null,
    result: result === null ? null : JSON.parse(result),
    error: error === null ? null : (JSON.parse(error) as Row['error']),
    createdAt: new Date(createdAt).getTime(),
    completedAt: completedAt === null ? null : new Date(completedAt).getTime(),
  };
}
