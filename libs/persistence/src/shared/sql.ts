/** One statement with the values of its question marks. */
export interface Statement {
  sql: string;
  params: readonly unknown[];
}

/** Runs statements that are the same in both databases, but for the few words below. */
export interface Sql {
  rows<R>(sql: string, params?: readonly unknown[]): Promise<R[]>;
  /**
   * Runs statements that write, all or none; answers how many rows each of them met.
   *
   * @param mayBeLost true for what need not survive a power cut.
   */
  together(statements: readonly Statement[], mayBeLost?: boolean): Promise<number[]>;
  /** The database's clock. */
  readonly now: string;
  /** The instant that lies so many milliseconds back (its question mark). */
  readonly ago: string;
  /** The instant that lies so many milliseconds ahead (its question mark). */
  readonly ahead: string;
  /** A difference of two instants, in milliseconds. */
  millisecondsFrom(earlier: string, later: string): string;
  instant(at: Date): unknown;
  /** Makes a table be read by this index of `tasks` and no other. */
  useIndex(name: 'PRIMARY' | 'tasks_status' | 'tasks_type' | 'tasks_attention'): string;
  /** The list of an IN for any number of values, with its parameters. */
  among(values: readonly string[]): Statement;
  /** The end of an INSERT: rows whose key is there already get the new values of these columns; without columns they stay. */
  onDuplicate(key: readonly string[], columns: readonly string[]): string;
}

/** As many question marks as there are values. */
export function marks(values: readonly unknown[], mark = '?'): string {
  return values.map(() => mark).join(', ');
}

/** An instant as the driver gives it: a Date from MySQL, milliseconds from SQLite. */
export type StoredInstant = Date | number;

export function toInstant(value: StoredInstant | null): Date | null {
  return value === null ? null : new Date(value);
}
