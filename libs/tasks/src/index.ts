export { ActionStore } from './actions/action-store.js';
export { Actions, type Selection } from './actions/actions.js';
export { Actor } from './actions/actor.js';
export {
  ACTION_TYPE,
  BULK_ACTIONS,
  type ActionError,
  type ActionState,
  type ActionWork,
  type BulkAction,
} from './actions/bulk-action.js';
export { DEFAULT_RETRY, retryPolicy, type RetryPolicy } from './backoff.js';
export { Batcher, type BatcherOptions } from './batcher.js';
export {
  Draining,
  InvalidCallback,
  InvalidPayload,
  InvalidRequest,
  InvalidSchedule,
  KeyInUse,
  KeyReused,
  LeaseLost,
  ScheduleNotFound,
  StorageUnavailable,
  StoreUnavailable,
  TaskError,
  TaskNotFound,
  TransportUnavailable,
  UnknownType,
  VersionClash,
  WrongStatus,
  type Violation,
} from './errors.js';
export {
  NotNow,
  PermanentFailure,
  TaskHandler,
  TransientFailure,
  handlerOptions,
  type Handler,
  type HandlerClass,
  type HandlerOptions,
  type TaskContext,
} from './handler.js';
export { Rounds } from './rounds.js';
export { Changes, type Carrier, type Change } from './live/changes.js';
export { Feed, timeOf, type FeedEvent, type FeedNews } from './live/feed.js';
export { HistoryStore } from './live/history-store.js';
export { historyOf, parsePosition, positionText, type Happening, type Position, type TaskState } from './live/history.js';
export { LiveModule } from './live/live.module.js';
export { TaskStreams, type Told } from './live/task-streams.js';
export { tellingStore } from './live/telling-store.js';
export { cancel, complete, crash, fail, handBack, putOff, type TaskIn, type Transition } from './lifecycle.js';
export {
  FINAL_STATUSES,
  LOG_LEVELS,
  PRIORITIES,
  STATUSES,
  isFinal,
  type Announcement,
  type ClaimedTask,
  type Failure,
  type FailureKind,
  type FinalStatus,
  type JsonText,
  type Lease,
  type LogLevel,
  type LogLine,
  type NewTask,
  type PastAttempt,
  type Priority,
  type Progress,
  type RetryDelays,
  type Task,
  type TaskFile,
  type TaskStatus,
} from './task.js';
export {
  CALLBACK_FORMATS,
  CALLBACK_TYPE,
  deliveryId,
  webhookId,
  type CallbackFormat,
  type DeliveryPayload,
} from './callbacks/delivery.js';
export { Redeliverer } from './callbacks/redeliverer.js';
export { CallbackStore, type CallbackTry } from './callbacks/callback-store.js';
export { Canceller } from './canceller.js';
export { DutyStore } from './duty-store.js';
export { ExecutingModule } from './executing.module.js';
export { failPoint } from './faults/fail-point.js';
export { injectFaults } from './faults/inject.js';
export { Executor, type Execution, type ExecutorOptions } from './executor.js';
export { FileStorage, type FileContent, type KeptContent, type PutOptions, type StoredContent } from './file-storage.js';
export { classSchema, payloadSchema, resultSchema, type JsonSchema } from './payload-schema.js';
export { NoticeStore, OPERATORS, type Digest, type FailureGroup, type OpenMail } from './notice-store.js';
export { Pauses } from './queues/pauses.js';
export { QueueStore, type QueueDepth, type QueueState } from './queues/queue-store.js';
export { Releaser } from './queues/releaser.js';
export { HandlerRegistry, type RegisteredType } from './registry.js';
export { AttemptTimeout, WorkerStopping } from './run.js';
export { DEFAULT_MAX_ATTEMPTS, newTask, repetition, type Submission } from './submission.js';
export {
  MISSED,
  OVERLAPS,
  SCHEDULE_STATUSES,
  outcomesOf,
  type FireOutcome,
  type Firing,
  type Missed,
  type Overlap,
  type Schedule,
  type ScheduleState,
  type ScheduleStatus,
  type ScheduleTerms,
  type Tick,
} from './schedules/schedule.js';
export { ScheduleStore, type DueSchedule, type SchedulePage, type WaitingSchedule } from './schedules/schedule-store.js';
export { Scheduler } from './schedules/scheduler.js';
export { Schedules, type NewSchedule } from './schedules/schedules.js';
export { SubmittingModule } from './submitting.module.js';
export { bucketOf, percentile, sumOf, type Histogram } from './stats/histogram.js';
export { HOUR_SECONDS, MINUTE_SECONDS, QUARTER_SECONDS, StatsRecorder, total } from './stats/stats-recorder.js';
export {
  StatsStore,
  type Figures,
  type RecentFailure,
  type StatsClock,
  type TypeCounts,
  type WaitingTask,
} from './stats/stats-store.js';
export { Submitter, type Once } from './submitter.js';
export { Sweeper, type SweeperOptions } from './sweeper.js';
export { Watcher } from './watcher.js';
export {
  MAX_TASK_LINES,
  TaskStore,
  type ClaimTerms,
  type DueTask,
  type FileOutcome,
  type KeyedInsert,
  type KeyedOutcome,
  type LinePosition,
  type Report,
  type TaskFilter,
  type TaskPage,
} from './task-store.js';
export { TaskObserver, UNOBSERVED, type CallbackOutcome } from './task-observer.js';
export { PassingTracer, Tracer, inSpan, isTraceparent, traced, type SpanKind, type SpanOptions, type Trace } from './tracer.js';
export { TASK_DUE, TaskTransport } from './task-transport.js';
export { pointerStep, validate, type Validated } from './validation.js';
export { GONE_MS, Heart } from './workers/heart.js';
export { WorkerStore, type Orders, type RunningTask, type WorkerBeat, type WorkerState } from './workers/worker-store.js';
export { VERSION } from './workers/version.js';
