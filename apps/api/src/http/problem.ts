import { STATUS_CODES } from 'node:http';
import { HttpException } from '@nestjs/common';
import { TooMany } from '@app/access';
import { InvalidRequest, TaskError, UnknownType, type Violation } from '@app/tasks';
import { ErrorAt, HttpProblem } from './http-problem.js';

export const PROBLEM_TYPE = 'application/problem+json';

/** An error as RFC 9457 tells it to the client. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  request_id: string;
  errors?: readonly Violation[];
}

/** What is answered to an error, but for the request's id. */
export interface Refusal {
  status: number;
  code: string;
  detail: string;
  errors?: readonly Violation[];
  headers?: Readonly<Record<string, string>>;
}

const MAX_VIOLATIONS = 100;

/** The status of each error of the domain; one that is missing here is our mistake, a 500. */
const STATUS_OF_CODE: Readonly<Record<string, number>> = {
  invalid_request: 400,
  unknown_type: 400,
  task_not_found: 404,
  schedule_not_found: 404,
  archive_not_found: 404,
  wrong_status: 409,
  version_clash: 409,
  idempotency_key_in_use: 409,
  idempotency_key_reused: 422,
  invalid_callback: 422,
  invalid_payload: 422,
  invalid_schedule: 422,
  wrong_login: 401,
  setup_refused: 403,
  user_not_found: 404,
  key_not_found: 404,
  name_taken: 409,
  last_admin: 409,
  too_many_requests: 429,
  store_unavailable: 503,
  storage_unavailable: 503,
  transport_unavailable: 503,
  draining: 503,
};

/** What the framework's own errors mean, whose texts are not ours. */
const REFUSAL_OF_STATUS: Readonly<Record<number, Pick<Refusal, 'code' | 'detail'>>> = {
  400: { code: 'malformed_request', detail: 'The request is malformed.' },
  404: { code: 'not_found', detail: 'There is nothing at this path.' },
  408: { code: 'request_timeout', detail: 'The request did not arrive whole in time.' },
  413: { code: 'body_too_large', detail: 'The request body is larger than this server takes.' },
  415: { code: 'unsupported_media_type', detail: 'The body must be sent as Content-Type: application/json.' },
  431: { code: 'headers_too_large', detail: 'The request headers are larger than this server takes.' },
  503: { code: 'shutting_down', detail: 'This server is shutting down. Try again.' },
};

const UNEXPECTED: Refusal = { status: 500, code: 'internal_error', detail: 'Something went wrong on our side.' };

/** What a client is told about an error. Nothing of an unexpected one. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof ErrorAt) {
    const { errors, ...refusal } = refusalOf(error.cause);
    return { ...refusal, errors: errors?.map(({ pointer, detail }) => ({ pointer: error.pointer + pointer, detail })) };
  }
  if (error instanceof HttpProblem) {
    const { violations, headers } = error.extra;
    return { status: error.status, code: error.code, detail: error.message, errors: violations, headers };
  }
  if (error instanceof TaskError) return refusalOfTaskError(error);
  if (error instanceof HttpException) return refusalOfStatus(error.getStatus());
  return UNEXPECTED;
}

/** What a client is told when only the status is known. */
export function refusalOfStatus(status: number): Refusal {
  const known = REFUSAL_OF_STATUS[status];
  return known ? { status, ...known, headers: hint(status) } : status < 500 ? { ...refusalOfStatus(400), status } : UNEXPECTED;
}

/** The document that carries a refusal. */
export function problemOf({ status, code, detail, errors }: Refusal, requestId: string): Problem {
  return { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail, code, request_id: requestId, errors };
}

function refusalOfTaskError(error: TaskError): Refusal {
  const status = STATUS_OF_CODE[error.code];
  if (status === undefined) return UNEXPECTED;
  return { status, code: error.code, detail: error.message, errors: violationsOf(error), headers: hint(status, error) };
}

function violationsOf(error: TaskError): readonly Violation[] | undefined {
  if (error instanceof InvalidRequest) return error.violations.slice(0, MAX_VIOLATIONS);
  if (error instanceof UnknownType) return [{ pointer: '/type', detail: error.message }];
  return undefined;
}

/** When to come back. Spread over some seconds, so that clients that were turned away together do not return together. */
function hint(status: number, error?: TaskError): Record<string, string> | undefined {
  if (error instanceof TooMany) return { 'retry-after': String(error.retryAfterSeconds) };
  if (status === 503) return { 'retry-after': String(1 + Math.floor(Math.random() * 5)) };
  return error?.code === 'idempotency_key_in_use' ? { 'retry-after': '1' } : undefined;
}
