import { DEFAULT_RETRY, backoffMs } from './backoff.js';
import { deliveryOf } from './callbacks/delivery.js';
import type { Failure, JsonText, NewTask, Task, TaskStatus } from './task.js';

/** The fields that decide about a task's next status. */
export type TaskIn<S extends TaskStatus> = Pick<
  Task,
  'id' | 'attempt' | 'maxAttempts' | 'failures' | 'crashes' | 'callbackUrl' | 'callbackFormat'
> & { status: S; traceparent?: string | null };

/**
 * A change of status that the store applies as one guarded write: it lands only if the row still has the status and the
 * attempt it was decided on. Times are relative, because only the database's clock counts.
 */
export interface Transition<S extends TaskStatus = TaskStatus> {
  taskId: string;
  from: {
    status: 'PENDING' | 'PROCESSING';
    attempt: number;
    /** The write lands only if the lease has run out by the database's clock. */
    leaseExpired?: true;
  };
  set: {
    status: S;
    /** For PENDING: due again after so many milliseconds. */
    dueInMs?: number;
    result?: JsonText;
    error?: Failure;
    failures?: number;
    crashes?: number;
  };
  /** The attempt ended without completing the task: keep it as a past attempt with `set.error`. */
  recordAttempt?: true;
  /** Tasks that come of it: inserted together with the change, if and only if it lands. */
  follow?: readonly NewTask[];
}

/** The handler returned. */
export function complete(task: TaskIn<'PROCESSING'>, result: JsonText): Transition<'COMPLETED'> {
  return told(task, { taskId: task.id, from: held(task), set: { status: 'COMPLETED', result } });
}

/** Puts a failed attempt back in line, or ends the task when it was the last one or must not be repeated. */
export function fail(
  task: TaskIn<'PROCESSING'>,
  error: Failure,
  options: { retryable: boolean; dueInMs?: number },
): Transition<'PENDING' | 'FAILED'> {
  const failures = task.failures + 1;
  if (options.retryable && failures < task.maxAttempts) {
    const dueInMs = options.dueInMs ?? backoffMs(failures, DEFAULT_RETRY);
    return { taskId: task.id, from: held(task), set: { status: 'PENDING', error, failures, dueInMs }, recordAttempt: true };
  }
  return told(task, { taskId: task.id, from: held(task), set: { status: 'FAILED', error, failures }, recordAttempt: true });
}

/** The lease ran out: the worker is gone or stuck. Counted apart from failures, so that a task that kills its workers ends. */
export function crash(task: TaskIn<'PROCESSING'>, maxCrashes: number): Transition<'PENDING' | 'FAILED'> {
  const crashes = task.crashes + 1;
  const from = { ...held(task), leaseExpired: true as const };
  const message = `Crashed ${crashes} ${crashes === 1 ? 'time' : 'times'}: the worker stopped renewing its lease.`;
  const error: Failure = { kind: 'crash', message, attempt: task.attempt };
  if (crashes < maxCrashes) {
    return { taskId: task.id, from, set: { status: 'PENDING', error, crashes, dueInMs: 0 }, recordAttempt: true };
  }
  return told(task, { taskId: task.id, from, set: { status: 'FAILED', error, crashes }, recordAttempt: true });
}

/** A worker that shuts down, or cannot begin now, gives the task back. Costs the task nothing: neither a failure nor a crash. */
export function handBack(task: TaskIn<'PROCESSING'>, dueInMs = 0): Transition<'PENDING'> {
  return { taskId: task.id, from: held(task), set: { status: 'PENDING', dueInMs } };
}

/** Nobody here can run the task; perhaps somebody else can, a little later. */
export function putOff(task: TaskIn<'PENDING'>, ms: number): Transition<'PENDING'> {
  return { taskId: task.id, from: { status: 'PENDING', attempt: task.attempt }, set: { status: 'PENDING', dueInMs: ms } };
}

/** A client called the task off. A running attempt loses its right to write at once; its handler is told to stop. */
export function cancel(task: TaskIn<'PENDING' | 'PROCESSING'>): Transition<'CANCELLED'> {
  const error: Failure = { kind: 'cancelled', message: 'Cancelled by request.', attempt: task.attempt };
  const from = { status: task.status, attempt: task.attempt };
  return told(task, { taskId: task.id, from, set: { status: 'CANCELLED', error } });
}

/** A task that ends tells whoever asked for it. */
function told<S extends TaskStatus>(
  task: Pick<TaskIn<TaskStatus>, 'id' | 'callbackUrl' | 'callbackFormat' | 'traceparent'>,
  transition: Transition<S>,
): Transition<S> {
  if (task.callbackUrl === null) return transition;
  return { ...transition, follow: [deliveryOf(task)] };
}

function held(task: TaskIn<'PROCESSING'>): { status: 'PROCESSING'; attempt: number } {
  return { status: 'PROCESSING', attempt: task.attempt };
}
