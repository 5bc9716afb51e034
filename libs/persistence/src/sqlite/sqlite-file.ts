import { Worker } from 'node:worker_threads';
import { Logger } from '@nestjs/common';
import { StoreUnavailable } from '@app/tasks';
import { toDomainError } from './errors.js';
import type { Answer, FileSettings, Request } from './file-thread.js';
import type { Call, Given, Operation, Result } from './operations.js';

interface Caller {
  resolve: (value: never) => void;
  reject: (error: Error) => void;
}

const RESTART_MS = 500;

/** The tests run the sources, but only what is built can be a thread of its own. */
const THREAD = new URL(import.meta.url.replace(/\/libs\/([^.]*)sqlite-file\.ts$/, '/dist/libs/$1sqlite-file.js'));

/**
 * A database file, which a thread of its own has open: calls that are made together, or while a commit is being written, share the
 * next transaction.
 */
export class SqliteFile {
  private readonly logger = new Logger('Database');
  private readonly callers = new Map<number, Caller[]>();
  private thread?: Worker;
  private restart?: NodeJS.Timeout;
  private calls: Call[] = [];
  private waiting: Caller[] = [];
  private count = 0;
  private closing?: Promise<void>;

  private constructor(private readonly settings: FileSettings) {
    this.start();
  }

  /** Opens the file, which must have its schema. @throws Error when it cannot be opened. */
  static async open(settings: FileSettings): Promise<SqliteFile> {
    const file = new SqliteFile(settings);
    try {
      await file.rows('SELECT 1');
      return file;
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Runs one unit of work; what it wrote is on the disk when this resolves. Rejects with StoreUnavailable if the file cannot be used for now. */
  call<O extends Operation>(operation: O, ...given: Given<O>): Promise<Result<O>> {
    if (!this.thread)
      return Promise.reject(new StoreUnavailable(`The database file is ${this.closing ? 'closed' : 'being opened again'}.`));
    return new Promise((resolve, reject) => {
      if (this.calls.push({ operation, given }) === 1) queueMicrotask(() => this.send());
      this.waiting.push({ resolve: resolve, reject });
    });
  }

  /** One statement that reads. */
  rows<R>(sql: string, params: readonly unknown[] = []): Promise<R[]> {
    return this.call('rows', sql, params) as Promise<R[]>;
  }

  /** Finishes what was called and closes the file; resolves when it is closed, however often it is called. */
  close(): Promise<void> {
    this.closing ??= this.finish();
    return this.closing;
  }

  private async finish(): Promise<void> {
    clearTimeout(this.restart);
    const { thread } = this;
    if (!thread) return;
    this.send();
    this.thread = undefined;
    // Also a thread that fails at the last moment has left the file.
    const ended = new Promise((resolve) => thread.once('exit', resolve));
    thread.postMessage('close');
    await ended;
  }

  private start(): void {
    const thread = new Worker(new URL('./file-thread.js', THREAD), { workerData: this.settings });
    let problem = 'its thread ended';
    thread.on('message', (answers: Answer[]) => this.answered(answers));
    thread.on('error', (error) => (problem = error.message));
    thread.on('exit', () => this.lost(problem));
    this.thread = thread;
  }

  private send(): void {
    if (this.calls.length === 0 || !this.thread) return;
    const request: Request = { number: ++this.count, calls: this.calls };
    this.callers.set(request.number, this.waiting);
    this.calls = [];
    this.waiting = [];
    this.thread.postMessage(request);
  }

  private answered(answers: readonly Answer[]): void {
    for (const { number, outcomes } of answers) {
      const callers = this.callers.get(number)!;
      this.callers.delete(number);
      outcomes.forEach((outcome, index) => {
        if ('value' in outcome) callers[index]!.resolve(outcome.value as never);
        else callers[index]!.reject(toDomainError(Object.assign(new Error(outcome.error.message), outcome.error)));
      });
    }
  }

  /** Nobody gets an answer any more. Unless it was closed, the file is opened again after a while. */
  private lost(problem: string): void {
    this.thread = undefined;
    const callers = [...this.callers.values(), this.waiting].flat();
    this.callers.clear();
    this.calls = [];
    this.waiting = [];
    for (const { reject } of callers) reject(new StoreUnavailable(`The database file: ${problem}.`));
    if (this.closing) return;
    this.logger.error(`The database file is lost (${problem}) and will be opened again.`);
    this.restart = setTimeout(() => this.start(), RESTART_MS);
  }
}
