import type { Evidence, Row } from '../evidence.js';
import { problem, type Problem } from './problem.js';

/** What a scenario permits beyond what the rows excuse by themselves. */
export interface EffectTerms {
  /** Tasks may be handed back at shutdown, which leaves no trace but a higher attempt number. */
  handBacks?: boolean;
}

/**
 * Calls at the sink that nothing excuses. An attempt calls once. A further attempt is excused by the failure or crash of the one before,
 * which the row counts; with {@link EffectTerms.handBacks}, by anything.
 */
export function duplicated({ rows, calls }: Evidence, terms: EffectTerms): Problem[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const problems: Problem[] = [];
  for (const [key, attempts] of attemptsByKey(calls)) {
    const row = byId.get(key);
    if (!row) {
      problems.push(problem('duplicated', `the sink was called for ${key}, which has no row`));
      continue;
    }
    for (const [attempt, times] of attempts) {
      if (times > 1) problems.push(problem('duplicated', `attempt ${attempt} of ${key} called the sink ${times} times`));
      if (attempt > row.attempt) problems.push(problem('duplicated', `attempt ${attempt} of ${key} was never granted`));
    }
    const allowed = terms.handBacks ? row.attempt : excused(row);
    if (attempts.size > allowed) {
      const numbers = [...attempts.keys()].join(', ');
      problems.push(problem('duplicated', `${key} was called by attempts ${numbers}; the row excuses ${allowed}`));
    }
  }
  return problems;
}

/** How many attempts the row accounts for: those that failed or crashed, and the one that ended it or runs. */
function excused({ status, failures, crashes }: Row): number {
  return failures + crashes + (status === 'FAILED' || status === 'PENDING' ? 0 : 1);
}

function attemptsByKey(calls: Evidence['calls']): Map<string, Map<number, number>> {
  const found = new Map<string, Map<number, number>>();
  for (const { key, attempt } of calls) {
    const attempts = found.get(key) ?? new Map<number, number>();
    attempts.set(attempt, (attempts.get(attempt) ?? 0) + 1);
    found.set(key, attempts);
  }
  return found;
}

/** Tasks whose outcome is not the one of the attempt that owned them last. The test handlers return the number of their attempt. */
export function notFenced({ rows, attempts }: Evidence): Problem[] {
  const ended = new Set(attempts.map(({ taskId, attempt }) => `${taskId}/${attempt}`));
  return rows.flatMap(({ id, status, attempt, result }) => {
    if (status !== 'COMPLETED') return [];
    const wrote = (result as { attempt?: unknown } | null)?.attempt;
    if (typeof wrote === 'number' && wrote !== attempt) {
      return [problem('not fenced', `${id} holds the result of attempt ${wrote}, but attempt ${attempt} was granted`)];
    }
    if (ended.has(`${id}/${attempt}`)) {
      return [problem('not fenced', `attempt ${attempt} of ${id} both ended without success and completed the task`)];
    }
    return [];
  });
}
