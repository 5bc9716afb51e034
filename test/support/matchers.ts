import { expect } from '@jest/globals';
import type { Problem } from './api.js';
import type { Answer } from './http.js';

/** That an answer is a problem document with this status, and with this code and these pointers where they are given. */
export function expectProblem(answer: Answer, status: number, code?: string, pointers?: string[]): void {
  const problem = answer.body as Problem | undefined;
  expect({
    status: answer.status,
    type: answer.headers['content-type']?.split(';', 1)[0],
    code: problem?.code,
    pointers: pointers && problem?.errors?.map(({ pointer }) => pointer),
  }).toEqual({
    status,
    type: 'application/problem+json',
    code: code ?? (expect.stringMatching(/^[a-z_]+$/) as unknown),
    pointers,
  });
}

/** An instant in UTC with milliseconds, as every time of the API is written. */
export const UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
/** A UUID of version 7. */
export const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
/** An id that no task has. */
export const UNKNOWN_ID = '01900000-0000-7000-8000-000000000000';
