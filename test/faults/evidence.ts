/** What a run leaves behind for the checker. Instants are milliseconds since 1970 by this machine's clock. */

export type Status = 'PENDING' | 'PROCESSING' | 'COMPLETED' | 'FAILED' | 'CANCELLED';

/** One line of the client's history. A submission may be tried several times with the same key. */
export type HistoryLine =
  | { what: 'invoke'; at: number; submission: string; type: string; expect: Status | 'any' }
  /** Answered 2xx with the task's id. */
  | { what: 'ok'; at: number; submission: string; id: string; ms: number }
  /** Answered that nothing was taken. */
  | { what: 'fail'; at: number; submission: string; status: number; ms: number }
  /** Nobody knows: no answer, or an answer that leaves it open (5xx, 409). */
  | { what: 'info'; at: number; submission: string; why: string; ms: number }
  | { what: 'fault'; at: number; fault: string }
  | { what: 'healed'; at: number; fault: string };

/** A look at a task, by one observer whose looks follow each other. */
export interface Look {
  at: number;
  by: string;
  id: string;
  status: Status;
  attempt: number;
}

/** A row of `tasks` at the end of the run. */
export interface Row {
  id: string;
  type: string;
  status: Status;
  attempt: number;
  failures: number;
  crashes: number;
  maxAttempts: number;
  /** The submission that the client noted in the row's metadata. */
  submission: string | null;
  result: unknown;
  error: { kind: string; message: string; attempt: number } | null;
  createdAt: number;
  completedAt: number | null;
}

/** A row of `task_attempts`: an attempt that did not complete its task. */
export interface EndedAttempt {
  taskId: string;
  attempt: number;
  kind: string;
}

/** One call at the effect sink. */
export interface Call {
  at: number;
  /** The Idempotency-Key: the task's id. */
  key: string;
  attempt: number;
}

/** The life of one process. */
export interface ProcessRecord {
  name: string;
  pid: number;
  startedAt: number;
  /** When it was first ready for work; null if it never was. */
  readyAt: number | null;
  /** How it ended; null while it runs. */
  ending: { at: number; code: number | null; signal: string | null } | null;
  /** Whether the scenario meant it to end like that. */
  expected: boolean;
  /** Outcomes of old attempts that it dropped, by its own log. */
  fenced: number;
  rss: { at: number; bytes: number }[];
  /** Delays of its event loop as seen from outside. */
  delays: { at: number; ms: number }[];
}

/** How long a task took to recover, by a clock of the scenario's own. */
export interface Recovered {
  id: string;
  ms: number;
}

export interface Evidence {
  history: readonly HistoryLine[];
  looks: readonly Look[];
  rows: readonly Row[];
  attempts: readonly EndedAttempt[];
  calls: readonly Call[];
  processes: readonly ProcessRecord[];
  /** From a scenario whose faults follow each other so closely that the clock of every task would begin again and again. */
  recovered: readonly Recovered[];
  /** What the scenario itself claimed and did not hold. */
  broken: readonly string[];
}

export function isFinal(status: Status): boolean {
  return status === 'COMPLETED' || status === 'FAILED' || status === 'CANCELLED';
}
