import type { Call, Evidence, HistoryLine, Look, ProcessRecord, Row } from '../evidence.js';

/** The evidence of a run in which nothing happened, and what the test says instead. */
export function evidence(given: Partial<Evidence> = {}): Evidence {
  return { history: [], looks: [], rows: [], attempts: [], calls: [], processes: [], recovered: [], broken: [], ...given };
}

/** A completed row of submission s1. */
export function row(given: Partial<Row> = {}): Row {
  return {
    id: 't1',
    type: 'test.effect',
    status: 'COMPLETED',
    attempt: 1,
    failures: 0,
    crashes: 0,
    maxAttempts: 3,
    submission: 's1',
    result: { attempt: given.attempt ?? 1 },
    error: null,
    createdAt: 1_000,
    completedAt: 1_100,
    ...given,
  };
}

export function invoke(given: Partial<Extract<HistoryLine, { what: 'invoke' }>> = {}): HistoryLine {
  return { what: 'invoke', at: 1_000, submission: 's1', type: 'test.effect', expect: 'COMPLETED', ...given };
}

/** An answer to s1: accepted as t1, refused, or none. */
export function ok(given: Partial<Extract<HistoryLine, { what: 'ok' }>> = {}): HistoryLine {
  return { what: 'ok', at: 1_010, submission: 's1', id: 't1', ms: 10, ...given };
}

export function refused(): HistoryLine {
  return { what: 'fail', at: 1_010, submission: 's1', status: 422, ms: 10 };
}

export function unanswered(): HistoryLine {
  return { what: 'info', at: 1_010, submission: 's1', why: 'ECONNRESET', ms: 10 };
}

/** A fault from `from` to `to`; without an end it is never healed. */
export function fault(from: number, to?: number): HistoryLine[] {
  const name = `fault at ${from}`;
  const begun: HistoryLine = { what: 'fault', at: from, fault: name };
  return to === undefined ? [begun] : [begun, { what: 'healed', at: to, fault: name }];
}

export function call(given: Partial<Call> = {}): Call {
  return { at: 1_050, key: 't1', attempt: 1, ...given };
}

export function look(status: Look['status'], attempt: number, by = 'database'): Look {
  return { at: 1_050, by, id: 't1', status, attempt };
}

export function processRecord(given: Partial<ProcessRecord> = {}): ProcessRecord {
  return {
    name: 'worker-1',
    pid: 1,
    startedAt: 0,
    readyAt: 0,
    ending: { at: 9_000, code: 0, signal: null },
    expected: true,
    fenced: 0,
    rss: [],
    delays: [],
    ...given,
  };
}
