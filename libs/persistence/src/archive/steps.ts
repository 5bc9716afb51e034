import type { Condition } from '../list-query.js';

/** One statement of a unit of work that both databases run. */
export interface Step {
  sql: string;
  params: readonly unknown[];
  /** Whether it changes rows, and so is answered by how many it changed. */
  writes: boolean;
}

/** A unit of work, statement by statement: each is answered by its rows, or by how many rows it changed. */
export type Steps<T> = Generator<Step, T, unknown>;

/** What the databases say differently. */
export interface StepDialect {
  /** The database's clock as an expression. */
  readonly now: string;
  /** At the end of a SELECT: nobody changes the rows before the transaction ends. */
  readonly forUpdate: string;
  instant(ms: number): unknown;
  /** True for a column that has one of the values. */
  isIn(column: string, values: readonly (string | number)[]): Condition;
  /** Inserts rows, but for those that are there already. */
  insertMissing(table: string, columns: readonly string[], values: readonly (readonly unknown[])[]): Steps<number>;
}

export function* rows<R>(sql: string, params: readonly unknown[]): Steps<R[]> {
  return (yield { sql, params, writes: false }) as R[];
}

export function* affect(sql: string, params: readonly unknown[]): Steps<number> {
  return (yield { sql, params, writes: true }) as number;
}
