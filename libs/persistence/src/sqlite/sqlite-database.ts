import type Libsql from 'libsql';

/** What became of one unit of work. */
export type Outcome = { value: unknown } | { error: unknown };

/** Runs a unit of work and never throws. */
export function outcomeOf(unit: () => unknown): Outcome {
  try {
    return { value: unit() };
  } catch (error) {
    return { error };
  }
}

/** Runs statements on one connection. Everything is synchronous, so units of work never overlap. */
export class SqliteDatabase {
  private readonly prepared = new Map<string, Libsql.Statement>();

  /** What the connection is set to; unknown at first. */
  private durable?: boolean;

  constructor(private readonly connection: Libsql.Database) {}

  rows<R>(sql: string, params: readonly unknown[]): R[] {
    return this.statement(sql).all([...params]) as R[];
  }

  /** Answers how many rows were changed. */
  affect(sql: string, params: readonly unknown[]): number {
    return this.statement(sql).run([...params]).changes;
  }

  /** The database's clock, in milliseconds. */
  now(): number {
    return this.rows<{ now: number }>(`SELECT CAST(unixepoch('subsec') * 1000 AS INTEGER) AS now`, [])[0]!.now;
  }

  /**
   * Runs units of work in one transaction. Each one has its own outcome: what fails is undone by itself, but if the transaction
   * cannot be written, all of them fail.
   *
   * @param durable whether it must be on the disk when this returns, and so survive also a power cut.
   */
  together(units: readonly (() => unknown)[], durable: boolean): Outcome[] {
    try {
      this.setDurable(durable);
      this.connection.exec('BEGIN IMMEDIATE');
      const outcomes = units.map((unit) => this.alone(unit));
      this.connection.exec('COMMIT');
      return outcomes;
    } catch (error) {
      // A full disk may have ended the transaction already.
      if (this.connection.inTransaction) this.connection.exec('ROLLBACK');
      return units.map(() => ({ error }));
    }
  }

  private setDurable(durable: boolean): void {
    if (this.durable === durable) return;
    this.connection.exec(`PRAGMA synchronous = ${durable ? 'FULL' : 'NORMAL'}`);
    this.durable = durable;
  }

  /** @throws the unit's error if it has ended the whole transaction. */
  private alone(unit: () => unknown): Outcome {
    this.affect('SAVEPOINT unit', []);
    try {
      const value = unit();
      this.affect('RELEASE unit', []);
      return { value };
    } catch (error) {
      if (!this.connection.inTransaction) throw error;
      this.connection.exec('ROLLBACK TO unit; RELEASE unit');
      return { error };
    }
  }

  private statement(sql: string): Libsql.Statement {
    let statement = this.prepared.get(sql);
    if (!statement) {
      statement = this.connection.prepare(sql);
      this.prepared.set(sql, statement);
    }
    return statement;
  }
}
