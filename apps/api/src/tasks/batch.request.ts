import { ArrayMaxSize, ArrayMinSize, IsArray } from 'class-validator';
import {
  InvalidCallback,
  InvalidRequest,
  newTask,
  validate,
  type HandlerRegistry,
  type Submission,
  type Violation,
} from '@app/tasks';
import { ErrorAt } from '../http/http-problem.js';
import { parseSubmission } from './submission.request.js';

/** Most submissions of one batch. */
export const MAX_BATCH = 1_000;

/** Looking for more of them helps nobody. */
const ENOUGH_VIOLATIONS = 100;

/** Several submissions, of which all are taken or none. */
export class BatchRequest {
  @IsArray({ message: 'must be an array' })
  @ArrayMinSize(1, { message: 'must hold at least one task' })
  @ArrayMaxSize(MAX_BATCH, { message: `must hold at most ${MAX_BATCH} tasks` })
  tasks!: unknown[];
}

/** The submissions of a batch. @throws InvalidRequest with all that is wrong with their envelopes */
export function readBatch(body: unknown): Submission[] {
  if (body === undefined) throw new InvalidRequest([{ pointer: '', detail: 'must be a JSON object, but the body is empty' }]);
  const checked = validate(BatchRequest, body);
  if ('violations' in checked) throw new InvalidRequest(checked.violations);

  const submissions: Submission[] = [];
  const violations: Violation[] = [];
  for (const [index, json] of checked.value.tasks.entries()) {
    const read = parseSubmission(json, `/tasks/${index}`);
    if ('submission' in read) submissions.push(read.submission);
    else violations.push(...read.violations.slice(0, ENOUGH_VIOLATIONS));
    if (violations.length >= ENOUGH_VIOLATIONS) break;
  }
  if (violations.length > 0) throw new InvalidRequest(violations);
  return submissions;
}

/** The first submission that the domain refuses, with its place; the error itself if none of them is at fault. */
export function locate(error: unknown, submissions: readonly Submission[], registry: HandlerRegistry): unknown {
  if (error instanceof InvalidCallback) return new ErrorAt(error, `/tasks/${error.index}`);
  for (const [index, submission] of submissions.entries()) {
    try {
      newTask(submission, registry.get(submission.type ?? 'plain'));
    } catch (cause) {
      return new ErrorAt(cause, `/tasks/${index}`);
    }
  }
  return error;
}
