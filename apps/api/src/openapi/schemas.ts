import {
  CALLBACK_FORMATS,
  FINAL_STATUSES,
  LOG_LEVELS,
  MISSED,
  OVERLAPS,
  PRIORITIES,
  SCHEDULE_STATUSES,
  STATUSES,
  type HandlerRegistry,
  type RegisteredType,
} from '@app/tasks';
import { classSchema, payloadSchema, resultSchema, type JsonSchema } from '@app/tasks';
import { archiveSchemas } from './archive-schemas.js';
import { accessSchemas } from './access-schemas.js';
import { importSchemas } from './import-schemas.js';
import { operationsSchemas } from './operations-schemas.js';
import { MAX_BATCH } from '../tasks/batch.request.js';
import { ScheduleChange } from '../schedules/schedule.request.js';
import { CallbackWish, SubmissionRequest } from '../tasks/submission.request.js';

const id = { type: 'string', format: 'uuid' };
const instant = { type: 'string', format: 'date-time' };
const maybe = (schema: JsonSchema): JsonSchema => ({ ...schema, type: [schema['type'], 'null'] });
const list = (items: JsonSchema): JsonSchema => ({ type: 'array', items });
const anyValue: JsonSchema = { description: 'Any JSON value.' };

/** An object of which every member is always there. */
function closed(properties: Record<string, JsonSchema>, description?: string): JsonSchema {
  return { type: 'object', description, properties, required: Object.keys(properties), additionalProperties: false };
}

export function ref(name: string): JsonSchema {
  return { $ref: `#/components/schemas/${name}` };
}

/** Every schema of the document by name. What clients send is derived from the classes that check it. */
export function componentSchemas(registry: HandlerRegistry): Record<string, JsonSchema> {
  const types = registry.all();
  return {
    SubmissionEnvelope: submissionEnvelope(),
    Submission: { oneOf: types.map(submissionOf) },
    Batch: {
      type: 'object',
      properties: { tasks: { ...list(ref('Submission')), minItems: 1, maxItems: MAX_BATCH } },
      required: ['tasks'],
      additionalProperties: false,
    },
    NewSchedule: scheduleSchema(['cron', 'task'], ['version']),
    ScheduleChange: scheduleSchema([], []),
    ...Object.fromEntries(types.map((type) => [payloadName(type), payloadSchema(type)])),
    ...Object.fromEntries(types.map((type) => [`Result.${type.type}`, resultSchema(type)])),
    Calculations: itemsOf(registry.get('calculation.run')),
    Fetches: itemsOf(registry.get('http.fetch')),
    Onboarding: payloadOf(registry.get('onboarding.welcome')),
    ...importSchemas(),
    ...archiveSchemas(),
    ...operationsSchemas(),
    ...accessSchemas(),
    ...ANSWERS,
  };
}

const ANSWERS: Record<string, JsonSchema> = {
  Accepted: closed({ task_id: id, message: { type: 'string' }, status: { const: 'PENDING' } }),
  Started: closed({
    task_id: id,
    message: { type: 'string' },
    async_job_response_structure: { type: 'object', description: 'What the result will look like.' },
  }),
  BatchAccepted: closed({
    message: { type: 'string' },
    items: list(closed({ task_id: id, status: { const: 'PENDING' } }, 'In the order of the submissions.')),
  }),
  Failure: closed({
    kind: { enum: ['error', 'timeout', 'crash', 'rejected', 'cancelled'] },
    message: { type: 'string' },
    attempt: { type: 'integer', minimum: 0, description: 'The attempt that failed; 0 if the task never ran.' },
  }),
  Progress: closed({
    current: { type: 'number' },
    total: { type: ['number', 'null'], description: 'What current leads up to; null if that is not known.' },
    message: { type: ['string', 'null'] },
  }),
  Task: closed({
    task_id: id,
    type: { type: 'string' },
    title: { type: 'string' },
    description: { type: ['string', 'null'] },
    status: { enum: STATUSES, description: `Final ones are ${FINAL_STATUSES.join(', ')}: they never change.` },
    priority: { enum: PRIORITIES },
    payload: { description: 'As it was submitted; null if none was.' },
    metadata: { type: ['object', 'null'] },
    result: { description: 'What the handler returned; null until COMPLETED.' },
    error: {
      oneOf: [ref('Failure'), { type: 'null' }],
      description: 'The latest failure, also while the task waits for its next attempt.',
    },
    progress: {
      oneOf: [ref('Progress'), { type: 'null' }],
      description: 'How far the latest attempt is, as its handler said last; null if it said nothing.',
    },
    tags: list({ type: 'string' }),
    attempt: { type: 'integer', minimum: 0, description: 'Number of the latest attempt, 0 before the first.' },
    max_attempts: { type: 'integer', minimum: 1 },
    timeout_seconds: { type: ['integer', 'null'], description: "The task's own limit; null means the type's." },
    retry: closed(
      { first_delay_seconds: { type: ['integer', 'null'] }, max_delay_seconds: { type: ['integer', 'null'] } },
      "The task's own waits between failed attempts; null means the type's.",
    ),
    run_at: instant,
    callback_url: { type: ['string', 'null'] },
    callback_format: { enum: [...CALLBACK_FORMATS, null], description: 'null without a callback_url.' },
    retry_of: maybe(id),
    notify_email: { type: ['string', 'null'], description: 'Whom to tell by mail if the task fails for good.' },
    schedule_id: { ...maybe(id), description: 'The schedule that made the task.' },
    created_at: instant,
    started_at: maybe(instant),
    updated_at: instant,
    completed_at: maybe(instant),
  }),
  TaskPage: closed({
    items: list(ref('Task')),
    next_page_token: {
      type: ['string', 'null'],
      description: 'For the next page; null at the end. A page may be short, even empty, and still have a next one.',
    },
  }),
  LogPage: closed({
    items: list(
      closed({
        attempt: { type: 'integer', minimum: 1 },
        line: { type: 'integer', minimum: 1, description: 'Its number within the attempt.' },
        level: { enum: LOG_LEVELS },
        message: { type: 'string' },
        at: instant,
      }),
    ),
    next_page_token: { type: ['string', 'null'], description: 'For the next page; null at the end.' },
  }),
  TaskFiles: closed({
    items: list(
      closed({
        name: { type: 'string' },
        media_type: { type: 'string' },
        size: { type: 'integer', minimum: 0, description: 'In bytes.' },
        sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' },
        url: { type: 'string', format: 'uri-reference', description: 'Where the bytes are.' },
        created_at: instant,
      }),
    ),
  }),
  Attempts: closed({
    items: list(
      closed({ attempt: { type: 'integer', minimum: 1 }, started_at: maybe(instant), ended_at: instant, error: ref('Failure') }),
    ),
  }),
  Schedule: closed({
    schedule_id: id,
    title: { type: 'string' },
    cron: { type: 'string' },
    time_zone: { type: 'string' },
    task: { type: 'object', description: 'What every tick submits, as it was given.' },
    overlap: { enum: OVERLAPS },
    missed: { enum: MISSED },
    max_missed: { type: 'integer' },
    ends_at: maybe(instant),
    status: { enum: SCHEDULE_STATUSES, description: 'ENDED: no tick is left.' },
    next_at: { ...maybe(instant), description: 'The next tick; null unless ACTIVE.' },
    last_at: { ...maybe(instant), description: 'The latest tick.' },
    last_task_id: { ...maybe(id), description: 'The latest task that a tick made.' },
    waiting: { type: 'integer', description: 'Ticks that wait for the task of an earlier one to end.' },
    version: { type: 'integer', description: 'Grows with every change.' },
    created_at: instant,
    updated_at: instant,
  }),
  SchedulePage: closed({ items: list(ref('Schedule')), next_page_token: { type: ['string', 'null'] } }),
  CallbackEvent: closed({
    type: { enum: FINAL_STATUSES.map((status) => `task.${status.toLowerCase()}`) },
    timestamp: { ...instant, description: 'When the task ended.' },
    data: {
      type: 'object',
      properties: {
        task_id: id,
        type: { type: 'string' },
        title: { type: 'string' },
        status: { enum: FINAL_STATUSES },
        result: { description: 'If it is COMPLETED: what the handler returned.' },
        error: { oneOf: [ref('Failure'), { type: 'null' }], description: 'If it is not COMPLETED: why.' },
        metadata: { type: ['object', 'null'] },
        tags: list({ type: 'string' }),
        attempt: { type: 'integer' },
        created_at: instant,
        completed_at: maybe(instant),
      },
      required: ['task_id', 'type', 'title', 'status', 'metadata', 'tags', 'attempt', 'created_at', 'completed_at'],
    },
  }),
  Callbacks: closed({ items: list(ref('Callback')) }),
  Callback: closed({
    delivery_id: id,
    webhook_id: { type: 'string', description: 'The same at every try and every delivery.' },
    url: { type: 'string', format: 'uri' },
    format: { enum: CALLBACK_FORMATS },
    state: { enum: ['waiting', 'delivering', 'delivered', 'failed', 'called_off'] },
    reason: { type: ['string', 'null'], description: 'Why it failed, or the latest try did.' },
    next_try_at: maybe(instant),
    created_at: instant,
    completed_at: maybe(instant),
    tries: list(
      closed({
        at: instant,
        duration_ms: { type: 'integer', minimum: 0 },
        status: { type: ['integer', 'null'], description: 'HTTP status of the answer; null if there was none.' },
        answer: { type: ['string', 'null'], description: 'The first kilobyte of the answer.' },
        error: { type: ['string', 'null'], description: 'Why there was no answer.' },
      }),
    ),
  }),
  Redelivery: closed({ delivery_id: id, message: { type: 'string' } }),
  TaskType: closed({
    type: { type: 'string' },
    title: { type: 'string' },
    description: { type: ['string', 'null'] },
    payload_schema: { type: 'object', description: 'JSON Schema (draft 2020-12) of the payload.' },
    result_schema: { type: 'object', description: 'JSON Schema (draft 2020-12) of the result.' },
    needs_title: { type: 'boolean', description: 'True if a submission must bring title and description.' },
    timeout_seconds: { type: 'integer' },
    max_attempts: { type: 'integer' },
    retry: closed(
      { first_delay_seconds: { type: 'integer' }, max_delay_seconds: { type: 'integer' } },
      'The waits between failed attempts: the first, doubled with every further one, and the longest.',
    ),
  }),
  TaskTypes: closed({ items: list(ref('TaskType')) }),
  Liveness: { ...closed({ status: { enum: ['ok', 'stuck'] }, problems: list({ type: 'string' }) }), required: ['status'] },
  Readiness: {
    ...closed({
      status: {
        enum: ['ok', 'degraded', 'unavailable'],
        description: 'Degraded: tasks are kept, and announced to the workers later.',
      },
      checks: closed({ store: { enum: ['up', 'down'] }, transport: { enum: ['up', 'down'] } }),
      dependencies: list(closed({ name: { type: 'string' }, state: { enum: ['up', 'down'] }, latency_ms: { type: 'number' } })),
    }),
    required: ['status', 'checks'],
  },
  Problem: {
    type: 'object',
    description: 'RFC 9457 problem details.',
    properties: {
      type: { type: 'string', format: 'uri-reference' },
      title: { type: 'string' },
      status: { type: 'integer' },
      detail: { type: 'string' },
      code: { type: 'string', description: 'Stable name of the problem, for programs.' },
      request_id: { type: 'string', description: 'The same as in X-Request-Id; tell it when you ask for help.' },
      errors: list(
        closed({
          pointer: {
            type: 'string',
            description:
              'JSON pointer (RFC 6901) into the body; /query/NAME and /header/NAME for the other parts of the request.',
          },
          detail: { type: 'string' },
        }),
      ),
    },
    required: ['type', 'title', 'status', 'detail', 'code', 'request_id'],
    additionalProperties: false,
  },
};

/** What a schedule takes: derived from the class that checks it. */
function scheduleSchema(required: string[], without: string[]): JsonSchema {
  const schema = classSchema(ScheduleChange);
  const members = Object.entries(schema['properties'] as Record<string, JsonSchema>).filter(([name]) => !without.includes(name));
  const properties = Object.fromEntries(
    members.map(([name, member]) => [name, required.includes(name) ? member : orNull(member)]),
  );
  return { ...schema, properties: { ...properties, task: ref('Submission') }, required };
}

/** A body with the items of a payload as its message, and whom to call. */
function itemsOf(type: RegisteredType): JsonSchema {
  const { items } = payloadSchema(type)['properties'] as Record<string, JsonSchema>;
  return withCallback({ message: items! }, ['message']);
}

/** A body that is a payload, and whom to call. */
function payloadOf(type: RegisteredType): JsonSchema {
  const { properties, required } = payloadSchema(type);
  return withCallback(properties as Record<string, JsonSchema>, required as string[]);
}

function withCallback(properties: Record<string, JsonSchema>, required: string[]): JsonSchema {
  const callback = classSchema(CallbackWish)['properties'] as Record<string, JsonSchema>;
  return { type: 'object', properties: { ...properties, ...callback }, required, additionalProperties: false };
}

/** The members that every submission may have. All are optional, and null counts as left out. */
function submissionEnvelope(): JsonSchema {
  const schema = classSchema(SubmissionRequest);
  const properties = Object.entries(schema['properties'] as Record<string, JsonSchema>).map(([name, member]) => [
    name,
    // As the request says why.
    name === 'callback_url' ? member : orNull(member),
  ]);
  return { ...schema, properties: Object.fromEntries(properties), description: 'A member that is null counts as left out.' };
}

function orNull(member: JsonSchema): JsonSchema {
  if (member['type'] === undefined) return member;
  const nullable = maybe(member);
  return Array.isArray(member['enum']) ? { ...nullable, enum: [...(member['enum'] as unknown[]), null] } : nullable;
}

/** A submission of one type: the envelope with what this type asks for. */
function submissionOf(type: RegisteredType): JsonSchema {
  const isDefault = type.type === 'plain';
  return {
    title: type.title,
    description: type.description,
    allOf: [ref('SubmissionEnvelope')],
    type: 'object',
    properties: {
      type: isDefault ? { enum: [type.type, null] } : { const: type.type },
      payload: type.payload ? ref(payloadName(type)) : anyValue,
      ...(type.needsTitle && { title: { type: 'string' }, description: { type: 'string' } }),
    },
    required: [...(isDefault ? [] : ['type']), ...(type.needsTitle ? ['title', 'description'] : [])],
  };
}

function payloadName({ type }: RegisteredType): string {
  return `Payload.${type}`;
}
