/** Base of the errors that callers of the domain are expected to handle. `code` is stable and part of the HTTP contract. */
export abstract class TaskError extends Error {
  abstract readonly code: string;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** The place where files are kept does not answer, or refuses. Nothing is known to be kept; trying again later is right. */
export class StorageUnavailable extends TaskError {
  readonly code = 'storage_unavailable';
}

/** The database did not answer in time, refused, or is full. Nothing is known to be written; trying again later is right. */
export class StoreUnavailable extends TaskError {
  readonly code = 'store_unavailable';
}

/** No worker of this build knows the type. */
export class UnknownType extends TaskError {
  readonly code = 'unknown_type';
  constructor(readonly type: string) {
    super(`There is no task type "${type}".`);
  }
}

/** One thing that is wrong with a request: where (RFC 6901 JSON pointer) and what. */
export interface Violation {
  pointer: string;
  detail: string;
}

/** The request does not have the form of its contract. */
export class InvalidRequest extends TaskError {
  readonly code: string = 'invalid_request';
  constructor(
    readonly violations: readonly Violation[],
    message = 'The request does not fit its contract.',
  ) {
    super(message);
  }
}

/** The envelope is right, but the payload does not fit its type. */
export class InvalidPayload extends InvalidRequest {
  override readonly code = 'invalid_payload';
  constructor(violations: readonly Violation[]) {
    super(violations, 'The payload does not fit its type.');
  }
}

/** The schedule makes no sense, or its task could not be submitted. */
export class InvalidSchedule extends InvalidRequest {
  override readonly code = 'invalid_schedule';
  constructor(violations: readonly Violation[]) {
    super(violations, 'The schedule does not fit its contract.');
  }
}

/** There is no schedule with this id. */
export class ScheduleNotFound extends TaskError {
  readonly code = 'schedule_not_found';
  constructor() {
    super('There is no schedule with this id.');
  }
}

/** The schedule was changed since the client read it. */
export class VersionClash extends TaskError {
  readonly code = 'version_clash';
  constructor(version: number) {
    super(`The schedule was changed meanwhile: its version is ${version} now.`);
  }
}

/** The callback of a submission may not go where it should. */
export class InvalidCallback extends InvalidRequest {
  override readonly code = 'invalid_callback';
  constructor(
    detail: string,
    /** Which of the submissions it is. */
    readonly index: number,
  ) {
    super([{ pointer: '/callback_url', detail }], 'The callback cannot be delivered there.');
  }
}

/** There is no task with this id. */
export class TaskNotFound extends TaskError {
  readonly code = 'task_not_found';
  constructor() {
    super('There is no task with this id.');
  }
}

/** The task's status does not allow what was asked. */
export class WrongStatus extends TaskError {
  readonly code = 'wrong_status';
}

/** An action on many tasks leaves tasks of an administrative type alone: who began it need not be an administrator. */
export class NotAmongMany extends TaskError {
  readonly code = 'not_among_many';
  constructor(type: string) {
    super(`A task of the type "${type}" is retried by itself only.`);
  }
}

/** The idempotency key was used before with another request. */
export class KeyReused extends TaskError {
  readonly code = 'idempotency_key_reused';
  constructor() {
    super('This Idempotency-Key was used before with a different request.');
  }
}

/** The first request with this idempotency key is still being worked on. */
export class KeyInUse extends TaskError {
  readonly code = 'idempotency_key_in_use';
  constructor() {
    super('A request with this Idempotency-Key is still being processed. Try again in a moment.');
  }
}

/** The row moved on before our write: another attempt owns it, or it is final. Never retried. */
export class LeaseLost extends TaskError {
  readonly code = 'lease_lost';
  constructor(
    readonly taskId: string,
    readonly attempt: number,
  ) {
    super(`Attempt ${attempt} of task ${taskId} no longer owns its lease.`);
  }
}

/** The announcement could not be handed to the broker in time. The sweeper will repeat it. */
export class TransportUnavailable extends TaskError {
  readonly code = 'transport_unavailable';
}

/** This process is shutting down and takes no more work. */
export class Draining extends TaskError {
  readonly code = 'draining';
  constructor() {
    super('This worker is shutting down.');
  }
}
