import { LeaseLost } from './errors.js';
import { PermanentFailure, type TaskContext } from './handler.js';
import type { Notes } from './notes.js';
import type { FileStorage } from './file-storage.js';
import type { Reporter } from './reporter.js';
import type { ClaimedTask, Failure, FailureKind, Lease } from './task.js';
import { TaskFiles } from './task-files.js';
import type { TaskStore } from './task-store.js';
import type { Trace } from './tracer.js';

/** Why a running attempt was told to stop; the handler finds it in `signal.reason`. */
export class AttemptTimeout extends Error {
  override name = 'AttemptTimeout';
  constructor(seconds: number) {
    super(`The attempt took longer than ${seconds} s.`);
  }
}

/** The worker shuts down and the grace time is over. */
export class WorkerStopping extends Error {
  override name = 'WorkerStopping';
  constructor() {
    super('The worker is shutting down.');
  }
}

/** What of the process an attempt uses. */
export interface RunParts {
  store: TaskStore;
  storage: FileStorage;
  reporter: Reporter;
}

/** One attempt under way in this process: its lease by the local clock and what ends it. */
export class Run implements TaskContext {
  readonly lease: Lease;
  readonly startedAt = performance.now();
  /** Why it was told to stop; undefined while it may go on. */
  reason?: Error;
  /** What the attempt says about itself; nothing so far if absent. */
  notes?: Notes;
  trace?: Trace;
  private controller?: AbortController;
  private onStop: (reason: Error) => void = () => {};

  /**
   * @param task the row as claimed.
   * @param leaseEndsAt when the lease runs out, by `performance.now()`; counted from before the claim was sent, so never too late.
   */
  constructor(
    readonly task: ClaimedTask,
    public leaseEndsAt: number,
    private readonly parts: RunParts,
  ) {
    this.lease = { id: task.id, attempt: task.attempt };
  }

  get taskId(): string {
    return this.task.id;
  }

  get attempt(): number {
    return this.task.attempt;
  }

  /** Made when a handler first asks for it: most handlers of short tasks never do. */
  get signal(): AbortSignal {
    this.controller ??= new AbortController();
    if (this.reason) this.controller.abort(this.reason);
    return this.controller.signal;
  }

  /** Made when it is asked for, and bound: handlers take it out of their context. */
  get progress(): TaskContext['progress'] {
    const notes = this.takeNotes();
    return (current, total, message) => notes.setProgress(current, total, message);
  }

  get log(): TaskContext['log'] {
    const notes = this.takeNotes();
    return (message, level = 'info') => notes.addLine(message, level);
  }

  get files(): TaskFiles {
    const { store, storage } = this.parts;
    return new TaskFiles(storage, store, this.lease, () => this.signal);
  }

  /** The attempt is not ours any more: cancelled, or granted to another worker. */
  lose(): void {
    this.stop(new LeaseLost(this.task.id, this.task.attempt));
  }

  stop(reason: Error): void {
    if (this.reason) return;
    this.reason = reason;
    this.controller?.abort(reason);
    this.onStop(reason);
  }

  /**
   * Waits for the work, but not beyond {@link stop}: a handler that does not listen is left behind.
   *
   * @throws the work's error, or the reason of the stop.
   */
  race<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.onStop = reject;
      if (this.reason) reject(this.reason);
      work.then(resolve, reject);
    });
  }

  private takeNotes(): Notes {
    return (this.notes ??= this.parts.reporter.notesOf(this.lease));
  }
}

/** What a thrown value says about the attempt. */
export function failureOf(thrown: unknown, attempt: number): Failure {
  return { kind: kindOf(thrown), message: messageOf(thrown), attempt };
}

function kindOf(thrown: unknown): FailureKind {
  if (thrown instanceof AttemptTimeout) return 'timeout';
  return thrown instanceof PermanentFailure ? 'rejected' : 'error';
}

const MAX_MESSAGE = 2_000;

function messageOf(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message || thrown.name : String(thrown);
  return text.toWellFormed().slice(0, MAX_MESSAGE);
}
