import type { Work } from '../shared/work.js';
import type { Statements } from './statements.js';

/** Runs a unit of work over a connection. */
export async function runWork<T>(statements: Statements, work: Work<T>): Promise<T> {
  let step = work.next();
  while (!step.done) step = work.next(await statements[step.value.kind](step.value.sql, step.value.params));
  return step.value;
}
