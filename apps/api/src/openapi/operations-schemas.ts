import { BULK_ACTIONS, STATUSES, classSchema, type JsonSchema } from '@app/tasks';
import { ActionRequest } from '../actions/action.request.js';
import { FilterQuery } from '../tasks/list.query.js';
import { RANGES } from '../stats/stats.query.js';

const id = { type: 'string', format: 'uuid' };
const instant = { type: 'string', format: 'date-time' };
const text = { type: 'string' };
const count = { type: 'integer', minimum: 0 };
const list = (items: JsonSchema): JsonSchema => ({ type: 'array', items });
const orNull = (schema: JsonSchema): JsonSchema => ({ oneOf: [schema, { type: 'null' }] });
const ref = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });

/** An object of which every member is always there. */
function closed(properties: Record<string, JsonSchema>, description?: string): JsonSchema {
  return { type: 'object', description, properties, required: Object.keys(properties), additionalProperties: false };
}

const percentiles = orNull(closed({ p50: { type: 'number' }, p95: { type: 'number' }, p99: { type: 'number' } }));
const figures = {
  submitted: count,
  started: { ...count, description: 'Attempts that began, but for those that had failed when the minute was over.' },
  completed: count,
  failed: count,
  cancelled: count,
  wait_seconds: percentiles,
  run_seconds: percentiles,
};
const counted = { count, exact: { type: 'boolean', description: 'False if there are more: counting took too long.' } };
const byStatus = Object.fromEntries(STATUSES.map((status) => [status, count]));

/** What operators see. */
export function operationsSchemas(): Record<string, JsonSchema> {
  return {
    Queue: closed({
      type: text,
      ready: { ...count, description: 'PENDING and due.' },
      scheduled: { ...count, description: 'PENDING and not due yet.' },
      processing: count,
      oldest_ready_seconds: {
        type: ['number', 'null'],
        description: 'How long the oldest ready task has been due; null if none is.',
      },
      exact: { type: 'boolean', description: 'False for a long queue: ready and scheduled are then told from a sample.' },
      paused: { type: 'boolean' },
      paused_at: orNull(instant),
    }),
    Queues: closed({ items: list(ref('Queue')) }),
    Worker: closed({
      worker_id: text,
      host: text,
      pid: { type: 'integer' },
      version: text,
      started_at: instant,
      seen_at: instant,
      state: {
        enum: ['alive', 'draining', 'gone'],
        description: 'draining: it takes no more tasks. gone: it was not heard of for nine seconds.',
      },
      slots: { ...count, description: 'How many tasks it runs side by side.' },
      busy: count,
      types: list(text),
      running: { ...list(closed({ task_id: id, type: text, since: instant })), maxItems: 100 },
    }),
    Workers: closed({ items: list(ref('Worker')) }),
    Stats: closed({
      range: { enum: RANGES },
      step_seconds: count,
      points: list(closed({ at: instant, ...figures })),
      totals: closed(figures),
    }),
    StatsNow: closed({
      counted_at: instant,
      capped_at: { ...count, description: 'No type and status is counted further: such a count may be more.' },
      by_status: closed(byStatus),
      by_type: list(closed({ type: text, ...byStatus })),
      oldest_waiting: orNull(
        closed({ task_id: id, type: text, due_at: instant, age_seconds: { type: 'number' } }, 'Of the oldest 500 of each type.'),
      ),
      failures: {
        ...list(
          closed({
            type: text,
            kind: { enum: ['error', 'timeout', 'crash', 'rejected', 'cancelled'] },
            message: { ...text, description: 'The first 200 characters.' },
            count,
            last_at: instant,
            example_task_id: id,
          }),
        ),
        description: 'The 500 newest FAILED tasks by type and error, the most frequent first.',
      },
    }),
    Envelope: closed({
      id: {
        type: ['string', 'null'],
        description: 'Where to go on after it; null for what has no place, such as progress of one task.',
      },
      event: { enum: ['status', 'progress', 'log', 'reset'] },
      task_id: { type: ['string', 'null'], format: 'uuid' },
      at: instant,
      data: {
        type: 'object',
        description:
          'status: status, attempt, error, run_at. progress: attempt, progress. log: attempt, line, level, message. Of all tasks, also type and title.',
        additionalProperties: true,
      },
    }),
    Action: actionSchema(),
    ActionCount: closed(counted),
    ActionBegun: closed({ action_id: id, ...counted }),
    ActionState: closed({
      action_id: id,
      action: { enum: BULK_ACTIONS },
      status: { enum: ['RUNNING', 'DONE'] },
      total: { ...count, description: 'How many tasks matched when it was asked for; when it is DONE, how many it was about.' },
      done: count,
      failed: { ...count, description: 'Tasks that could not be acted on.' },
      errors: { ...list(closed({ task_id: id, code: text, message: text })), maxItems: 100, description: 'The first 100.' },
    }),
    Reasons: closed({
      reasons: list(
        closed({
          code: {
            enum: [
              'ended',
              'running',
              'due_later',
              'waits_after_failure',
              'queue_paused',
              'no_worker',
              'all_busy',
              'position',
              'broker_away',
              'about_to_start',
            ],
          },
          text: { ...text, description: 'The reason in words.' },
        }),
      ),
    }),
  };
}

/** What an action takes: derived from the classes that check it. */
function actionSchema(): JsonSchema {
  const schema = classSchema(ActionRequest);
  const properties = schema['properties'] as Record<string, JsonSchema>;
  return {
    ...schema,
    properties: { ...properties, filter: { ...classSchema(FilterQuery), ...properties['filter'] } },
    oneOf: [{ required: ['task_ids'] }, { required: ['filter'] }],
  };
}
