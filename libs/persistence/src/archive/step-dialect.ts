import type { Condition } from '../list-query.js';
import type { Work } from '../shared/work.js';

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
  insertMissing(table: string, columns: readonly string[], values: readonly (readonly unknown[])[]): Work<number>;
}
