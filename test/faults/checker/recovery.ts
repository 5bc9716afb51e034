import type { Evidence, HistoryLine } from '../evidence.js';
import { problem, type Problem } from './problem.js';
import type { Submission } from './submissions.js';

export interface Recovery {
  /** The longest time from when a task could have been done to when it was; null if nothing finished after a fault. */
  slowestMs: number | null;
  problems: Problem[];
}

/**
 * How long tasks took to become final, counted from the latest of: their submission, and the moment the last fault before their end was
 * healed. While a fault lasts no clock runs.
 */
export function recovery(evidence: Evidence, submissions: ReadonlyMap<string, Submission>, boundMs: number): Recovery {
  const spans = faultSpans(evidence.history);
  let slowestMs: number | null = null;
  const problems: Problem[] = [];
  for (const { id, submission, completedAt, createdAt } of evidence.rows) {
    if (completedAt === null) continue;
    const submittedAt = submissions.get(submission ?? '')?.invokedAt ?? createdAt;
    const begun = spans.filter(({ from }) => from <= completedAt);
    if (begun.length === 0 || begun.some(({ to }) => to > completedAt)) continue;
    const took = completedAt - Math.max(submittedAt, ...begun.map(({ to }) => to));
    slowestMs = Math.max(slowestMs ?? 0, took);
    if (took > boundMs)
      problems.push(problem('too slow', `${id} was final ${took} ms after the last fault; the bound is ${boundMs}`));
  }
  for (const { id, ms } of evidence.recovered) {
    slowestMs = Math.max(slowestMs ?? 0, ms);
    if (ms > boundMs)
      problems.push(problem('too slow', `${id} was final ${ms} ms after what befell it; the bound is ${boundMs}`));
  }
  return { slowestMs, problems };
}

interface Span {
  from: number;
  to: number;
}

/** When each fault lasted; one that was never healed lasts for ever. */
export function faultSpans(history: readonly HistoryLine[]): Span[] {
  const spans: (Span & { fault: string })[] = [];
  for (const line of history) {
    if (line.what === 'fault') spans.push({ fault: line.fault, from: line.at, to: Infinity });
    if (line.what !== 'healed') continue;
    const span = spans.find(({ fault, to }) => fault === line.fault && to === Infinity);
    if (span) span.to = line.at;
  }
  return spans;
}
