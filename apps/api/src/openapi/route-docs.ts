import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiParam, ApiResponse } from '@nestjs/swagger';
import { PROBLEM_TYPE } from '../http/problem.js';
import { ref } from './schemas.js';

type Header = { description: string; schema: object };
type Headers = Record<string, Header>;

const text = (description: string): Header => ({ description, schema: { type: 'string' } });
const seconds = (description: string): Header => ({ description, schema: { type: 'integer' } });

export const LOCATION: Headers = { Location: text('Where it can be read.') };
export const RETRY_AFTER: Headers = { 'Retry-After': seconds('Seconds to wait before asking again.') };
export const ETAG: Headers = { ETag: text('Changes with every change of the task.') };
export const APPLIED: Headers = { 'Preference-Applied': text('The wait that was granted, if one was asked for.') };
export const REPLAYED: Headers = {
  'Idempotency-Replayed': text('true if this is the answer to an earlier request with the same key.'),
};
const REQUEST_ID: Headers = { 'X-Request-Id': text("The request's id: the client's own, or a new one.") };

/** What each refusal means, whichever route gives it. */
const REFUSALS = {
  400: 'The request is malformed or does not fit its contract.',
  401: 'The request carries no key or session, or one that does not hold.',
  403: 'The key or the session does not allow this request.',
  404: 'There is nothing with this name.',
  408: 'The request did not arrive whole in time.',
  409: 'The state of the task or schedule, or a request with the same Idempotency-Key that is still being processed, does not allow it.',
  413: 'The body is too large.',
  415: 'The body is not application/json in UTF-8.',
  422: 'The payload does not fit its type, the schedule makes no sense, or the Idempotency-Key was used with a different request.',
  426: 'This path speaks WebSocket only.',
  429: 'Too many requests.',
  431: 'The headers are too large.',
  500: 'Something went wrong on our side.',
  503: 'The database is away, or this server is shutting down. Nothing was taken; try again.',
  507: 'There is no room for the files. Nothing was taken.',
} as const;

/** The refusals that every route can give. */
const ALWAYS = [400, 401, 403, 429, 431, 500, 503] as const;
/** The refusals of a route that reads a body. */
export const BODY_REFUSALS = [408, 413, 415] as const;

/** Names a route in the OpenAPI document. */
export function Route(tag: string, operationId: string, summary: string, description?: string): MethodDecorator {
  return ApiOperation({ tags: [tag], operationId, summary, description });
}

/** An answer that is not an error. */
export function Answers(status: number, description: string, schema?: string, headers: Headers = {}): MethodDecorator {
  return ApiResponse({
    status,
    description,
    headers: { ...REQUEST_ID, ...headers },
    content: schema === undefined ? undefined : { 'application/json': { schema: ref(schema) } },
  });
}

/** The problems that a route gives, besides those that every route can give. */
export function Refuses(...statuses: (keyof typeof REFUSALS)[]): MethodDecorator {
  const all = [...new Set([...statuses, ...ALWAYS])].sort();
  return applyDecorators(
    ...all.map((status) =>
      ApiResponse({
        status,
        description: REFUSALS[status],
        headers: { ...REQUEST_ID, ...(status === 429 || status === 503 ? RETRY_AFTER : {}) },
        content: { [PROBLEM_TYPE]: { schema: ref('Problem') } },
      }),
    ),
  );
}

/** The header that makes a submission safe to repeat. */
export function TakesIdempotencyKey(): MethodDecorator {
  return ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description:
      'Makes the request safe to repeat: the same key with the same request gets the first answer again. Requests are the same ' +
      'if path and body are, whatever the white space and the order of names. "k" and k are the same key. Only requests that ' +
      'were accepted are remembered.',
    schema: { type: 'string', minLength: 1, maxLength: 255 },
  });
}

/** The header by which a client asks for the finished task. */
export function TakesPrefer(): MethodDecorator {
  return ApiHeader({
    name: 'Prefer',
    required: false,
    description: 'wait=SECONDS holds the answer until the task is final, at most 30 seconds (RFC 7240).',
    schema: { type: 'string', examples: ['wait=10'] },
  });
}

/** The id in the path. */
export function TaskId(): MethodDecorator {
  return ApiParam({ name: 'task_id', schema: { type: 'string', format: 'uuid' } });
}
