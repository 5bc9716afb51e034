import { describe, expect, it } from '@jest/globals';
import { BadRequestException, NotFoundException } from '@nestjs/common';
import {
  InvalidPayload,
  InvalidRequest,
  KeyInUse,
  KeyReused,
  LeaseLost,
  StoreUnavailable,
  TaskNotFound,
  UnknownType,
  WrongStatus,
} from '@app/tasks';
import { ErrorAt, HttpProblem } from './http-problem.js';
import { problemOf, refusalOf, refusalOfStatus } from './problem.js';

const violation = { pointer: '/a', detail: 'is wrong' };

describe('refusalOf', () => {
  it.each([
    [new InvalidRequest([violation]), 400, 'invalid_request'],
    [new UnknownType('x'), 400, 'unknown_type'],
    [new TaskNotFound(), 404, 'task_not_found'],
    [new WrongStatus('no'), 409, 'wrong_status'],
    [new KeyInUse(), 409, 'idempotency_key_in_use'],
    [new KeyReused(), 422, 'idempotency_key_reused'],
    [new InvalidPayload([violation]), 422, 'invalid_payload'],
    [new StoreUnavailable('away'), 503, 'store_unavailable'],
    [new LeaseLost('id', 1), 500, 'internal_error'],
    [new HttpProblem(415, 'unsupported_media_type', 'no'), 415, 'unsupported_media_type'],
    [new NotFoundException('Cannot GET /secret'), 404, 'not_found'],
    [new BadRequestException(), 400, 'malformed_request'],
    [new Error('password'), 500, 'internal_error'],
    ['text', 500, 'internal_error'],
    [undefined, 500, 'internal_error'],
  ])('gives %s its status', (error, status, code) => {
    expect(refusalOf(error)).toMatchObject({ status, code });
  });

  it('gives the violations of a part their place in the whole', () => {
    expect(refusalOf(new ErrorAt(new InvalidPayload([violation]), '/tasks/3'))).toMatchObject({
      status: 422,
      errors: [{ pointer: '/tasks/3/a', detail: 'is wrong' }],
    });
  });

  it('tells of a hundred violations at most', () => {
    expect(refusalOf(new InvalidRequest(Array(500).fill(violation))).errors).toHaveLength(100);
  });

  it('repeats nothing of the text of framework errors', () => {
    expect(refusalOf(new NotFoundException('Cannot GET /secret')).detail).not.toMatch(/secret/);
  });

  it('says when to come back once the store may be there again', () => {
    const seconds = Number(refusalOf(new StoreUnavailable('away')).headers?.['retry-after']);

    expect(seconds).toBeGreaterThanOrEqual(1);
    expect(seconds).toBeLessThanOrEqual(5);
  });
});

describe('refusalOfStatus', () => {
  it.each([
    [408, 'request_timeout'],
    [413, 'body_too_large'],
    [414, 'malformed_request'],
    [431, 'headers_too_large'],
    [502, 'internal_error'],
  ])('names %d', (status, code) => {
    expect(refusalOfStatus(status)).toMatchObject({ status: status === 502 ? 500 : status, code });
  });
});

describe('problemOf', () => {
  it('is a document of RFC 9457', () => {
    expect(problemOf(refusalOf(new TaskNotFound()), 'r-1')).toEqual({
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      detail: 'There is no task with this id.',
      code: 'task_not_found',
      request_id: 'r-1',
    });
  });
});
