import { newTaskId } from './task-id.js';
import { InvalidPayload, InvalidRequest, UnknownType, WrongStatus, type Violation } from './errors.js';
import type { RegisteredType } from './registry.js';
import { isFinal, type NewTask, type Priority, type Task } from './task.js';
import { validate } from './validation.js';

/** What a client asks for, in the domain's words; everything but the type may be left out. */
export interface Submission {
  /** `plain` unless given. */
  type?: string;
  title?: string;
  description?: string;
  payload?: unknown;
  metadata?: unknown;
  priority?: Priority;
  tags?: readonly string[];
  maxAttempts?: number;
  timeoutSeconds?: number;
  /** Not before this instant; excludes `delaySeconds`. */
  runAt?: Date;
  delaySeconds?: number;
  retry?: { firstDelaySeconds?: number; maxDelaySeconds?: number };
  callbackUrl?: string;
  callbackFormat?: string;
  notifyEmail?: string;
  retryOf?: string;
  scheduleId?: string;
  /** The trace of the request, if somebody follows it. */
  traceparent?: string;
}

/** How many attempts may fail when neither the submission nor the type says. */
export const DEFAULT_MAX_ATTEMPTS = 3;

/**
 * Turns a submission into the row that will be inserted.
 *
 * @throws UnknownType for an internal type; InvalidRequest if a plain task lacks its title or description; InvalidPayload if the payload does not fit the type.
 */
export function newTask(submission: Submission, type: RegisteredType): NewTask {
  if (type.internal) throw new UnknownType(type.type);
  if (type.needsTitle) requireTitle(submission);
  checkPayload(submission.payload, type);
  return {
    id: newTaskId(),
    type: type.type,
    title: submission.title ?? type.title,
    description: submission.description ?? null,
    priority: submission.priority ?? 'normal',
    payload: jsonOrNull(submission.payload),
    metadata: jsonOrNull(submission.metadata),
    tags: submission.tags ?? [],
    maxAttempts: submission.maxAttempts ?? type.maxAttempts ?? DEFAULT_MAX_ATTEMPTS,
    timeoutSeconds: submission.timeoutSeconds ?? null,
    retry: {
      firstDelaySeconds: submission.retry?.firstDelaySeconds ?? null,
      maxDelaySeconds: submission.retry?.maxDelaySeconds ?? null,
    },
    due: submission.runAt ? { at: submission.runAt } : { inMs: Math.round((submission.delaySeconds ?? 0) * 1000) },
    callbackUrl: submission.callbackUrl ?? null,
    callbackFormat: submission.callbackFormat ?? null,
    notifyEmail: submission.notifyEmail ?? null,
    retryOf: submission.retryOf ?? null,
    scheduleId: submission.scheduleId ?? null,
    traceparent: submission.traceparent,
  };
}

/**
 * The submission that repeats a task which has ended.
 *
 * @throws WrongStatus if it has not ended: final states stay final, and a live task needs no second one.
 */
export function repetition(task: Task): Submission {
  if (!isFinal(task.status)) throw new WrongStatus(`The task is ${task.status}; only a task that has ended can be retried.`);
  return {
    type: task.type,
    title: task.title,
    description: task.description ?? undefined,
    payload: task.payload ?? undefined,
    metadata: task.metadata ?? undefined,
    priority: task.priority,
    tags: task.tags,
    maxAttempts: task.maxAttempts,
    timeoutSeconds: task.timeoutSeconds ?? undefined,
    retry: {
      firstDelaySeconds: task.retry.firstDelaySeconds ?? undefined,
      maxDelaySeconds: task.retry.maxDelaySeconds ?? undefined,
    },
    callbackUrl: task.callbackUrl ?? undefined,
    callbackFormat: task.callbackFormat ?? undefined,
    notifyEmail: task.notifyEmail ?? undefined,
    retryOf: task.id,
  };
}

function requireTitle({ title, description }: Submission): void {
  const violations: Violation[] = [];
  if (title === undefined) violations.push({ pointer: '/title', detail: 'is required for a task without a type' });
  if (description === undefined) violations.push({ pointer: '/description', detail: 'is required for a task without a type' });
  if (violations.length > 0) throw new InvalidRequest(violations);
}

function checkPayload(payload: unknown, type: RegisteredType): void {
  if (!type.payload) return;
  const checked = validate(type.payload, payload ?? {}, '/payload');
  if ('violations' in checked) throw new InvalidPayload(checked.violations);
  const found = type.handler.check?.(checked.value) ?? [];
  if (found.length > 0) throw new InvalidPayload(found.map(({ pointer, detail }) => ({ pointer: `/payload${pointer}`, detail })));
}

function jsonOrNull(value: unknown): string | null {
  return value === undefined || value === null ? null : JSON.stringify(value);
}
