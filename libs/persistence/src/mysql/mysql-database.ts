import { setTimeout as delay } from 'node:timers/promises';
import { StoreUnavailable } from '@app/tasks';
import type { Pool, PoolConnection } from 'mysql2';
import type { MysqlConnector } from './connector.js';
import { kill } from './data-source.js';
import { isConflict, isConnectionLost, isCrowded, toDomainError } from './errors.js';
import { Statements } from './statements.js';

/** How often a unit of work is tried when other transactions get in its way. */
const MOST_TRIES = 5;
/** Between tries to get a connection from a server that has none left. */
const CROWDED_PAUSE_MS = 100;

type Work<T> = (statements: Statements) => Promise<T>;

/**
 * Runs units of work, each on one connection and with one deadline that covers everything: waiting for the connection, the
 * statements, and further tries after a deadlock or while the server has no connection left. A unit that misses the deadline loses its connection and rejects with
 * StoreUnavailable.
 */
export class MysqlDatabase {
  private readonly answeredAt = new WeakMap<PoolConnection, number>();
  /** When a deadline was last missed: connections that have not answered since may lead nowhere. */
  private missedAt = -Infinity;

  constructor(
    private readonly connector: MysqlConnector,
    private readonly timeoutMs: number,
  ) {}

  /** One statement that reads. */
  rows<R>(sql: string, params: readonly unknown[]): Promise<R[]> {
    return this.unit((statements) => statements.rows<R>(sql, params));
  }

  /** One statement that writes; answers how many rows met its condition. */
  affect(sql: string, params: readonly unknown[]): Promise<number> {
    return this.unit((statements) => statements.affect(sql, params));
  }

  /** Statements that take effect one by one. */
  unit<T>(work: Work<T>): Promise<T> {
    return this.withinDeadline((statements) => retried(work, statements, async () => {}));
  }

  /** Statements that take effect together or not at all. */
  transaction<T>(work: Work<T>): Promise<T> {
    const inTransaction: Work<T> = async (statements) => {
      await statements.affect('START TRANSACTION');
      const result = await work(statements);
      await statements.affect('COMMIT');
      return result;
    };
    return this.withinDeadline((statements) => retried(inTransaction, statements, () => rollBack(statements)));
  }

  private async withinDeadline<T>(work: Work<T>): Promise<T> {
    const pool = this.connector.pool();
    return new Promise<T>((resolve, reject) => {
      let connection: PoolConnection | undefined;
      let missed = false;
      const deadline = setTimeout(() => {
        missed = true;
        this.missedAt = performance.now();
        const reason = `The database did not answer within ${this.timeoutMs} ms.`;
        if (connection) kill(connection, reason);
        reject(new StoreUnavailable(reason));
      }, this.timeoutMs);

      const begin = (error: Error | null, acquired?: PoolConnection): void => {
        if (missed) return acquired?.release();
        if (!acquired) {
          if (isCrowded(error)) {
            setTimeout(() => missed || this.acquire(pool, begin), CROWDED_PAUSE_MS * (0.5 + Math.random()));
            return;
          }
          clearTimeout(deadline);
          return reject(new StoreUnavailable(`No connection to the database: ${error!.message}`, { cause: error }));
        }
        connection = acquired;
        work(new Statements(acquired))
          .then(
            (result) => {
              this.answeredAt.set(acquired, performance.now());
              acquired.release();
              resolve(result);
            },
            (failure: unknown) => {
              if (isConnectionLost(failure)) acquired.destroy();
              else acquired.release();
              reject(toDomainError(failure));
            },
          )
          .finally(() => clearTimeout(deadline));
      };
      this.acquire(pool, begin);
    });
  }

  private acquire(pool: Pool, done: (error: Error | null, connection?: PoolConnection) => void): void {
    pool.getConnection((error, connection) => {
      if (error) return done(error);
      const answeredAt = this.answeredAt.get(connection);
      if (answeredAt === undefined || answeredAt > this.missedAt) return done(null, connection);
      connection.destroy();
      this.acquire(pool, done);
    });
  }
}

async function rollBack(statements: Statements): Promise<void> {
  try {
    await statements.affect('ROLLBACK');
  } catch (error) {
    // Nobody else may get a connection that is still in a transaction.
    throw Object.assign(error as Error, { fatal: true });
  }
}

async function retried<T>(work: Work<T>, statements: Statements, undo: () => Promise<unknown>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work(statements);
    } catch (error) {
      if (isConnectionLost(error)) throw error;
      await undo();
      if (!isConflict(error) || tries === MOST_TRIES) throw error;
      await delay(Math.random() * 10 * 2 ** tries);
    }
  }
}
