import { isFinal, type Evidence, type Look, type Row } from '../evidence.js';
import { problem, type Problem } from './problem.js';

/**
 * Looks at a task never go back, except from PROCESSING to PENDING, after which the next attempt has a higher number; and a final
 * state never changes. Each observer's looks are held against each other and, the final ones, against the row at the end.
 */
export function wentBack({ looks, rows }: Evidence): Problem[] {
  const problems: Problem[] = [];
  const last = new Map<string, Look>();
  for (const look of looks) {
    const key = `${look.by} ${look.id}`;
    const before = last.get(key);
    if (before && isBack(before, look)) problems.push(backwards(look.by, before, look));
    last.set(key, look);
  }
  const byId = new Map(rows.map((row) => [row.id, row]));
  for (const look of last.values()) {
    const row = byId.get(look.id);
    if (!row && looks.length > 0) problems.push(problem('went back', `${look.by} saw ${look.id}, which has no row at the end`));
    else if (row && isBack(look, row)) problems.push(backwards(look.by, look, row));
  }
  return problems;
}

type State = Pick<Look | Row, 'id' | 'status' | 'attempt'>;

function isBack(before: State, after: State): boolean {
  if (isFinal(before.status)) return before.status !== after.status || before.attempt !== after.attempt;
  return !isFinal(after.status) && distance(after) < distance(before);
}

/** How far a task that is not final has come: PENDING, PROCESSING 1, PENDING after 1, PROCESSING 2 … */
function distance({ status, attempt }: State): number {
  return 2 * attempt + (status === 'PENDING' ? 1 : 0);
}

function backwards(by: string, before: State, after: State): Problem {
  const [from, to] = [before, after].map(({ status, attempt }) => `${status} (attempt ${attempt})`);
  return problem('went back', `${by} saw ${before.id} go from ${from} to ${to}`);
}
