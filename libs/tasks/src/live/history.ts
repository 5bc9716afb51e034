import type { Failure, LogLine, PastAttempt, Progress, TaskStatus } from '../task.js';

/** The little of a row that its history is told from. */
export interface TaskState {
  id: string;
  type: string;
  title: string;
  status: TaskStatus;
  attempt: number;
  workerId: string | null;
  error: Failure | null;
  progress: Progress | null;
  runAt: Date;
  createdAt: Date;
  startedAt: Date | null;
  updatedAt: Date;
  completedAt: Date | null;
}

/** The parts of an attempt in their order. A task that was never tried has attempt 0, which is its submission. */
const BEGIN = 0;
const LINE = 1;
const END = 2;
const CALLED_OFF = 3;

/** A place in a task's history, the same whichever process tells it: attempt, part, line. */
export type Position = readonly [attempt: number, part: number, line: number];

export const START: Position = [-1, 0, 0];

/** Something that happened to a task. */
export type Happening = { position: Position; at: Date } & (
  { event: 'status'; status: TaskStatus; attempt: number; error?: Failure | null; runAt?: Date } | { event: 'log'; line: LogLine }
);

/**
 * The history of a task, oldest first, from what the store has of it: the row, the attempts that did not complete it, and lines of its log. All
 * three may have been read at different moments, the row first: what is newer than the row is left for the next time.
 */
export function historyOf(state: TaskState, attempts: readonly PastAttempt[], lines: readonly LogLine[]): Happening[] {
  const past = new Map(attempts.map((attempt) => [attempt.attempt, attempt]));
  const history: Happening[] = [status([0, BEGIN, 0], state.createdAt, 'PENDING', 0)];
  let at = state.createdAt;
  for (let attempt = 1; attempt <= state.attempt; attempt++) {
    const isLatest = attempt === state.attempt;
    const ended = isLatest && state.status === 'PROCESSING' ? undefined : past.get(attempt);
    // Of an attempt that was handed back, nothing is kept but its number.
    at = ended?.startedAt ?? (isLatest ? state.startedAt : null) ?? at;
    history.push(status([attempt, BEGIN, 0], at, 'PROCESSING', attempt));
    for (const line of lines) {
      if (line.attempt === attempt) history.push({ position: [attempt, LINE, line.line], at: line.at, event: 'log', line });
    }
    const end = endOf(state, attempt, ended);
    if (end) history.push({ ...end, position: [attempt, END, 0] });
    at = end?.at ?? at;
  }
  const wasWaiting = state.attempt === 0 || past.has(state.attempt) || state.workerId === null;
  if (state.status === 'CANCELLED' && wasWaiting)
    history.push(status([state.attempt, CALLED_OFF, 0], state.completedAt!, 'CANCELLED', state.attempt, { error: state.error }));
  return history;
}

/** How an attempt ended; undefined while it runs. */
function endOf(state: TaskState, attempt: number, past: PastAttempt | undefined): ReturnType<typeof status> | undefined {
  const place: Position = [attempt, END, 0];
  if (attempt < state.attempt) return status(place, past?.endedAt ?? state.updatedAt, 'PENDING', attempt, { error: past?.error });
  switch (state.status) {
    case 'PROCESSING':
      return undefined;
    case 'PENDING':
      return status(place, past?.endedAt ?? state.updatedAt, 'PENDING', attempt, { error: past?.error, runAt: state.runAt });
    case 'CANCELLED':
      // A task that was called off while it waited had ended this attempt before.
      if (past || state.workerId === null)
        return status(place, past?.endedAt ?? state.completedAt!, 'PENDING', attempt, { error: past?.error });
      return status(place, state.completedAt!, 'CANCELLED', attempt, { error: state.error });
    default:
      return status(place, state.completedAt ?? state.updatedAt, state.status, attempt, { error: state.error });
  }
}

function status(
  position: Position,
  at: Date,
  status: TaskStatus,
  attempt: number,
  more: { error?: Failure | null; runAt?: Date } = {},
): Happening & { event: 'status' } {
  return { position, at, event: 'status', status, attempt, ...more };
}

export function isAfter(a: Position, b: Position): boolean {
  for (let part = 0; part < 3; part++) if (a[part] !== b[part]) return a[part]! > b[part]!;
  return false;
}

/** The last line of the log that lies at or before a position. */
export function lineBefore([attempt, part, line]: Position): { attempt: number; line: number } {
  return { attempt, line: part === LINE ? line : part < LINE ? 0 : Number.MAX_SAFE_INTEGER };
}

/** As clients carry it. */
export function positionText(position: Position): string {
  return position.join('.');
}

/** The position that a text stands for; null for a text that is none. */
export function parsePosition(text: string): Position | null {
  const [, attempt, part, line] = /^(\d{1,9})\.([0-3])\.(\d{1,9})$/.exec(text) ?? [];
  return attempt === undefined ? null : [Number(attempt), Number(part), Number(line)];
}
