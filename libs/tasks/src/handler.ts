import 'reflect-metadata';
import { Injectable } from '@nestjs/common';
import type { RetryPolicy } from './backoff.js';
import type { Violation } from './errors.js';
import type { LogLevel } from './task.js';
import type { TaskFiles } from './task-files.js';
import type { Trace } from './tracer.js';

/** What a handler knows about the attempt it runs. */
export interface TaskContext {
  /** The key of every effect: a handler may run twice (`Idempotency-Key`, message id, object name). */
  taskId: string;
  attempt: number;
  /** Aborts when the attempt must end: timeout, cancel, lost lease, shutdown. Pass it on to everything that waits. */
  signal: AbortSignal;
  /**
   * Says how far the attempt is. Costs next to nothing, so say it as often as you like: the latest word is written once a second and
   * shown as the task's `progress`. `total` is what `current` leads up to, if that is known.
   */
  readonly progress: (current: number, total?: number | null, message?: string | null) => void;
  /** Adds a line to the task's log (`GET /api/tasks/{id}/logs`). An attempt has 500 lines of 2,000 characters; what is more is left out. */
  readonly log: (message: string, level?: LogLevel) => void;
  /** Where the attempt stands in the trace of its request; absent if nobody follows it. Outgoing calls are spans of it. */
  readonly trace?: Trace;
  /** The files of the task (`GET /api/tasks/{id}/files`). */
  readonly files: Pick<TaskFiles, 'write'>;
}

/** Does the work of one type. A return completes the task with that result; a throw fails the attempt. */
export interface Handler<Payload = unknown, Result = unknown> {
  run(payload: Payload, context: TaskContext): Promise<Result> | Result;

  /** What is wrong with a payload that fits its class, for what a class cannot declare; asked at the submission. Pointers begin at the payload. */
  check?(payload: Payload): Violation[];
}

export interface HandlerOptions {
  /** The name of the type, as clients submit it: dotted lower case. */
  type: string;
  title: string;
  /** What it does, for `GET /api/types` and the documents. */
  description?: string;
  /** The class that declares and validates the payload; without one the type takes no payload. */
  payload?: new () => object;
  /** The class that describes the result, for `GET /api/types` and the documents. */
  result?: new () => object;
  /** Longest run of one attempt. */
  timeoutSeconds: number;
  /** How many attempts may fail; 3 unless given. A submission can ask for another number. */
  maxAttempts?: number;
  /**
   * How many workers may go away with a task before it FAILS, where that is more than MAX_CRASHES: for long work that goes on where it was, and
   * so is met by more restarts than others.
   */
  maxCrashes?: number;
  /** The waits between failed attempts; 1 second, doubled up to 5 minutes, unless given. A submission can ask for others. */
  retry?: Partial<RetryPolicy>;
  /** True for a type that Taskwell itself uses: clients can neither see nor submit it. */
  internal?: true;
  /** True for a type that takes the service's own data in hand: only administrators may submit it, or make a schedule of it. */
  administrative?: true;
  /**
   * True for handlers that only wait: they take no turn from others, and run side by side in a lane of their own. Their code is ours, so that a
   * crash of the process is never theirs: they are not run apart after one, and no number of them fails the task.
   */
  detached?: true;
  /** True if a submission must name title and description itself. */
  needsTitle?: boolean;
}

export type HandlerClass = new (...args: never[]) => Handler<never>;

const OPTIONS = Symbol('task handler');

/** Declares a class as the handler of a type. */
export function TaskHandler(options: HandlerOptions) {
  return (target: HandlerClass): void => {
    Reflect.defineMetadata(OPTIONS, options, target);
    Injectable()(target);
  };
}

/** The options a handler class was declared with; undefined for any other class. */
export function handlerOptions(target: object): HandlerOptions | undefined {
  return Reflect.getMetadata(OPTIONS, target) as HandlerOptions | undefined;
}

/** Thrown by a handler for work that no further attempt can do: the task fails at once. */
export class PermanentFailure extends Error {
  override name = 'PermanentFailure';
}

/**
 * Thrown by a handler for work that a later attempt may do. So is every other error; this one can say when. The next attempt is not
 * made before `retryAfterMs`, unless that is longer than the task's `max_delay_seconds`.
 */
export class TransientFailure extends Error {
  override name = 'TransientFailure';
  readonly retryAfterMs?: number;

  constructor(message: string, { retryAfterMs, ...options }: ErrorOptions & { retryAfterMs?: number } = {}) {
    super(message, options);
    this.retryAfterMs = retryAfterMs;
  }
}

/** Thrown by a handler that cannot begin now, through no fault of the task: back in line, at no cost to it. */
export class NotNow extends Error {
  override name = 'NotNow';

  constructor(
    message: string,
    readonly againInMs: number,
  ) {
    super(message);
  }
}
