/** A statement with the values of its question marks. Instants are Dates, whatever the database makes of them. */
export interface Statement {
  kind: 'rows' | 'affect';
  sql: string;
  params: readonly unknown[];
}

/**
 * A unit of work that is the same on both databases: it yields statements and is given what they answer. One of them runs it in a thread
 * and at once, the other over a connection.
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- what a statement answers is known where it is yielded
export type Work<T> = Generator<Statement, T, any>;

/** Instants of a row are Dates or milliseconds. */
export function* rows<R>(sql: string, params: readonly unknown[] = []): Work<R[]> {
  return (yield { kind: 'rows', sql, params }) as R[];
}

/** Answers how many rows met the condition. */
export function* affect(sql: string, params: readonly unknown[] = []): Work<number> {
  return (yield { kind: 'affect', sql, params }) as number;
}
