import { isFinal, type Evidence, type HistoryLine, type Row, type Status } from '../evidence.js';
import { problem, type Problem } from './problem.js';

/** What the client knows of one submission after all its tries. */
export interface Submission {
  name: string;
  type: string;
  expect: Status | 'any';
  invokedAt: number;
  /** `ok` if any try was accepted; `info` if any stayed without a clear answer; `fail` if every one was refused. */
  verdict: 'ok' | 'fail' | 'info';
  /** Every id it was answered; more than one is a mistake. */
  ids: string[];
}

export function submissionsOf(history: readonly HistoryLine[]): Map<string, Submission> {
  const found = new Map<string, Submission>();
  const open = new Map<string, number>();
  for (const line of history) {
    if (line.what === 'fault' || line.what === 'healed') continue;
    const { submission: name } = line;
    if (line.what === 'invoke') {
      const { type, expect, at: invokedAt } = line;
      if (!found.has(name)) found.set(name, { name, type, expect, invokedAt, verdict: 'fail', ids: [] });
      open.set(name, (open.get(name) ?? 0) + 1);
      continue;
    }
    const submission = found.get(name)!;
    open.set(name, open.get(name)! - 1);
    if (line.what === 'ok') {
      submission.verdict = 'ok';
      if (!submission.ids.includes(line.id)) submission.ids.push(line.id);
    } else if (line.what === 'info' && submission.verdict === 'fail') submission.verdict = 'info';
  }
  for (const [name, tries] of open) {
    const submission = found.get(name)!;
    if (tries > 0 && submission.verdict === 'fail') submission.verdict = 'info';
  }
  return found;
}

/** Every submission answered 2xx has its row, every row has reached a final state, and it is the one that its work leads to. */
export function lost({ rows }: Evidence, submissions: ReadonlyMap<string, Submission>): Problem[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const problems: Problem[] = [];
  for (const { name, verdict, ids } of submissions.values()) {
    if (verdict !== 'ok') continue;
    for (const id of ids) if (!byId.has(id)) problems.push(problem('lost', `${name} was accepted as ${id} and has no row`));
  }
  for (const row of rows) {
    if (!isFinal(row.status)) problems.push(problem('lost', `${describe(row)} never reached a final state`));
  }
  return problems;
}

/** Each row stems from one submission that was not refused, and no submission has two. */
export function unexpected({ rows }: Evidence, submissions: ReadonlyMap<string, Submission>): Problem[] {
  const problems: Problem[] = [];
  const bySubmission = new Map<string, Row[]>();
  for (const row of rows) {
    const submission = row.submission === null ? undefined : submissions.get(row.submission);
    if (!submission) problems.push(problem('unexpected', `${describe(row)} stems from no submission`));
    else if (submission.verdict === 'fail') {
      problems.push(problem('unexpected', `${describe(row)} stems from ${submission.name}, which was refused`));
    } else bySubmission.set(submission.name, [...(bySubmission.get(submission.name) ?? []), row]);
  }
  for (const [name, own] of bySubmission) {
    if (own.length > 1) {
      problems.push(problem('unexpected', `${name} has ${own.length} rows: ${own.map(({ id }) => id).join(', ')}`));
    }
  }
  for (const { name, ids } of submissions.values()) {
    if (ids.length > 1) problems.push(problem('unexpected', `${name} was answered ${ids.length} ids: ${ids.join(', ')}`));
  }
  return problems;
}

/** A task whose work succeeds is COMPLETED, whatever happened around it. */
export function outcomes({ rows }: Evidence, submissions: ReadonlyMap<string, Submission>): Problem[] {
  return rows.flatMap((row) => {
    const expect = submissions.get(row.submission ?? '')?.expect ?? 'any';
    if (expect === 'any' || !isFinal(row.status) || row.status === expect) return [];
    const why = row.error ? ` (${row.error.kind}: ${row.error.message})` : '';
    return [problem('outcome', `${describe(row)} ended as ${row.status}${why}, expected ${expect}`)];
  });
}

function describe({ id, type, status, attempt }: Row): string {
  return `${type} ${id} (${status}, attempt ${attempt})`;
}
