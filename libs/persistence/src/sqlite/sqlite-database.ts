import type Libsql from 'libsql';
import { StoreUnavailable } from '@app/tasks';
import { toDomainError } from './errors.js';

/** Runs statements on the one connection. Everything is synchronous, so units of work never overlap. */
export class SqliteDatabase {
  private readonly prepared = new Map<string, Libsql.Statement>();
  private closed = false;

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

  /** One unit of reading. Rejects with StoreUnavailable when the file cannot be read for now. */
  async read<T>(work: (now: number) => T): Promise<T> {
    this.requireOpen();
    try {
      return work(this.now());
    } catch (error) {
      throw toDomainError(error);
    }
  }

  /** One transaction, on disk when it resolves. Rejects with StoreUnavailable when the file cannot be written for now. */
  async write<T>(work: (now: number) => T): Promise<T> {
    this.requireOpen();
    try {
      this.connection.exec('BEGIN IMMEDIATE');
      const result = work(this.now());
      this.connection.exec('COMMIT');
      return result;
    } catch (error) {
      // A full disk may have ended the transaction already.
      if (this.connection.inTransaction) this.connection.exec('ROLLBACK');
      throw toDomainError(error);
    }
  }

  /** From now on every unit of work rejects with StoreUnavailable. */
  close(): void {
    this.closed = true;
    this.prepared.clear();
  }

  /** The driver aborts the process when a closed file is used. */
  private requireOpen(): void {
    if (this.closed) throw new StoreUnavailable('The database is closed.');
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
