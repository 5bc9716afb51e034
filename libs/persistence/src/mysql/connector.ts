import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { StoreUnavailable } from '@app/tasks';
import type { Pool } from 'mysql2';
import type { DataSource } from 'typeorm';
import { migrate } from './migrate.js';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 3_000;

/** Connects and migrates as soon as the database answers, however late that is. After that the pool reconnects by itself. */
export class MysqlConnector {
  private readonly log = new Logger('Database');
  private readonly closing = new AbortController();
  private ready = false;
  private problem = 'not connected yet';

  constructor(private readonly dataSource: DataSource) {}

  /** The connections. @throws StoreUnavailable as long as the database has not answered or lacks the schema. */
  pool(): Pool {
    if (!this.ready) throw new StoreUnavailable(`The database is not available: ${this.problem}`);
    return (this.dataSource.driver as unknown as { pool: Pool }).pool;
  }

  /** Tries until it succeeds or {@link close} is called; never rejects. */
  async connect(): Promise<void> {
    const { signal } = this.closing;
    for (let pauseMs = FIRST_PAUSE_MS; !signal.aborted && !this.ready; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      try {
        if (!this.dataSource.isInitialized) await this.dataSource.initialize();
        await migrate(this.dataSource);
        this.ready = true;
        this.log.log('Connected, and the schema is up to date.');
      } catch (error) {
        this.report(error as Error);
        await delay(pauseMs * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
      }
    }
    if (signal.aborted) await this.disconnect();
  }

  /** Ends the tries and the connections. */
  async close(): Promise<void> {
    this.closing.abort();
    await this.disconnect();
  }

  private async disconnect(): Promise<void> {
    this.ready = false;
    this.problem = 'closed';
    // Saying goodbye fails on a connection that is lost, which is just as well.
    if (this.dataSource.isInitialized) await this.dataSource.destroy().catch(() => undefined);
  }

  /** Logs a reason when it is a new one. */
  private report(error: Error): void {
    if (this.closing.signal.aborted) return;
    // An AggregateError (a name with several addresses) has no message of its own.
    const problem = error.message || String((error as AggregateError).errors?.[0] ?? error.name);
    if (problem !== this.problem) this.log.warn(`Not available, trying on: ${problem}`);
    this.problem = problem;
  }
}
