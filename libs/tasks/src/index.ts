export { Batcher, type BatcherOptions } from './batcher.js';
export {
  Draining,
  InvalidPayload,
  InvalidRequest,
  KeyInUse,
  KeyReused,
  LeaseLost,
  StoreUnavailable,
  TaskError,
  TaskNotFound,
  TransportUnavailable,
  UnknownType,
  WrongStatus,
  type Violation,
} from './errors.js';
export {
  PermanentFailure,
  TaskHandler,
  handlerOptions,
  type Handler,
  type HandlerClass,
  type HandlerOptions,
  type TaskContext,
} from './handler.js';
export { cancel, complete, crash, fail, handBack, putOff, type TaskIn, type Transition } from './lifecycle.js';
export {
  FINAL_STATUSES,
  PRIORITIES,
  STATUSES,
  isFinal,
  type Announcement,
  type Failure,
  type FailureKind,
  type FinalStatus,
  type JsonText,
  type Lease,
  type NewTask,
  type PastAttempt,
  type Priority,
  type Task,
  type TaskStatus,
} from './task.js';
export { Canceller } from './canceller.js';
export { ExecutingModule } from './executing.module.js';
export { failPoint } from './faults/fail-point.js';
export { injectFaults } from './faults/inject.js';
export { Executor, type Execution, type ExecutorOptions } from './executor.js';
export { classSchema, payloadSchema, type JsonSchema } from './payload-schema.js';
export { HandlerRegistry, type RegisteredType } from './registry.js';
export { AttemptTimeout, WorkerStopping } from './run.js';
export { DEFAULT_MAX_ATTEMPTS, newTask, repetition, type Submission } from './submission.js';
export { SubmittingModule } from './submitting.module.js';
export { Submitter, type Once } from './submitter.js';
export { Sweeper, type SweeperOptions } from './sweeper.js';
export { Watcher } from './watcher.js';
export {
  TaskStore,
  type ClaimTerms,
  type DueTask,
  type KeyedInsert,
  type KeyedOutcome,
  type TaskFilter,
  type TaskPage,
} from './task-store.js';
export { TASK_DUE, TaskTransport } from './task-transport.js';
export { pointerStep, validate, type Validated } from './validation.js';
