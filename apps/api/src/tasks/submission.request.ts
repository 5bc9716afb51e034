import { Type } from 'class-transformer';
import {
  ARRAY_UNIQUE,
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  Matches,
  Max,
  Min,
  IsString,
  ValidateBy,
  ValidateIf,
  ValidateNested,
  type ValidationOptions,
} from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { IsAddress } from '@app/mail';
import {
  CALLBACK_FORMATS,
  type CallbackFormat,
  InvalidRequest,
  PRIORITIES,
  validate,
  type Priority,
  type Submission,
  type Violation,
} from '@app/tasks';
import { parseInstant } from '../http/instant.js';

const TEN_YEARS_SECONDS = 10 * 365 * 24 * 3600;

/** One line without control characters, lone surrogates and the marks that turn the direction of text around. */
export const TITLE = /^[^\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]{1,255}$/u;
/** Text without lone surrogates, and of the control characters only tab and line ends. */
const DESCRIPTION = /^(?:[^\p{Cc}\p{Cs}]|[\t\n\r]){0,10000}$/u;
/** Whether there is such a type is for the registry to say. */
export const TYPE = /^[A-Za-z0-9._-]{1,64}$/;
export const TAG = /^[A-Za-z0-9][A-Za-z0-9._:/@=+-]{0,63}$/;

/** `@ArrayUnique` compares each item with each: seconds for the longest list that a body can hold. */
function EachOnce(options: ValidationOptions): PropertyDecorator {
  const validate = (value: unknown) => Array.isArray(value) && new Set(value).size === value.length;
  return ValidateBy({ name: ARRAY_UNIQUE, validator: { validate } }, options);
}

const ONE_WEEK_SECONDS = 7 * 24 * 3600;

/** The waits between failed attempts. */
export class RetryRequest {
  @JSONSchema({ description: "The wait after the first failure; it doubles with every further one. The type's own if left out." })
  @IsOptional()
  @IsInt({ message: 'must be a whole number' })
  @Min(0, { message: 'must be at least 0' })
  @Max(ONE_WEEK_SECONDS, { message: `must be at most ${ONE_WEEK_SECONDS}` })
  first_delay_seconds?: number;

  @JSONSchema({ description: "No wait is longer, also where another server asks for it. The type's own if left out." })
  @IsOptional()
  @IsInt({ message: 'must be a whole number' })
  @Min(0, { message: 'must be at least 0' })
  @Max(ONE_WEEK_SECONDS, { message: `must be at most ${ONE_WEEK_SECONDS}` })
  max_delay_seconds?: number;
}

/** Whom to call when a task has ended, and with what. */
export class CallbackWish {
  @JSONSchema({
    format: 'uri',
    description:
      'An http or https URL that gets a signed POST when the task has ended. It must lead to a public address. A null is refused: whoever sends it ' +
      'waits for a call that would never come.',
  })
  @ValidateIf((_, value) => value !== undefined)
  @IsString({ message: 'must be a URL' })
  callback_url?: string;

  @JSONSchema({
    default: 'event',
    description: 'What the callback carries: event, an envelope with the task in it, or result, the bare result.',
  })
  @IsOptional()
  @IsIn(CALLBACK_FORMATS, { message: `must be one of ${CALLBACK_FORMATS.join(', ')}` })
  callback_format?: CallbackFormat;
}

/**
 * What a client submits, as it stands in the body. A member that is null counts as left out. Lengths are in the patterns,
 * because they count characters as the databases do.
 */
export class SubmissionRequest extends CallbackWish {
  @JSONSchema({ description: 'What kind of task it is, one of GET /api/types. Without it the task is a plain one.' })
  @IsOptional()
  @Matches(TYPE, { message: 'must be the name of a task type' })
  type?: string;

  @JSONSchema({
    description: "Required for a plain task; otherwise the type's own title if left out.",
    examples: ['Sample Task'],
  })
  @IsOptional()
  @Matches(TITLE, { message: 'must be 1 to 255 characters on one line, without control characters or bidi overrides' })
  title?: string;

  @JSONSchema({ description: 'Required for a plain task.', examples: ['Process something'] })
  @IsOptional()
  @Matches(DESCRIPTION, { message: 'must be at most 10000 characters, without control characters but tabs and line ends' })
  description?: string;

  @JSONSchema({ description: 'What the handler works on. Must fit the schema of the type.' })
  @IsOptional()
  payload?: unknown;

  @JSONSchema({ description: "The client's own notes, kept as they are.", examples: [{ team: 'blue' }] })
  @IsOptional()
  @IsObject({ message: 'must be an object' })
  metadata?: object;

  @JSONSchema({ default: 'normal' })
  @IsOptional()
  @IsIn(PRIORITIES, { message: `must be one of ${PRIORITIES.join(', ')}` })
  priority?: Priority;

  @JSONSchema({ items: { type: 'string', pattern: TAG.source }, description: 'Words to find the task by.' })
  @IsOptional()
  @IsArray({ message: 'must be an array' })
  @ArrayMaxSize(20, { message: 'must be at most 20 tags' })
  @EachOnce({ message: 'must not hold a tag twice' })
  @Matches(TAG, {
    each: true,
    message: 'must be tags of 1 to 64 ASCII letters, digits and . _ : / @ = + -, beginning with a letter or digit',
  })
  tags?: string[];

  @JSONSchema({ description: "How many attempts may fail before the task does. The type's own number if left out." })
  @IsOptional()
  @IsInt({ message: 'must be a whole number' })
  @Min(1, { message: 'must be at least 1' })
  @Max(100, { message: 'must be at most 100' })
  max_attempts?: number;

  @JSONSchema({ description: 'The waits between failed attempts.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => RetryRequest)
  retry?: RetryRequest;

  @JSONSchema({ description: "Longest run of one attempt. The type's own limit if left out." })
  @IsOptional()
  @IsInt({ message: 'must be a whole number' })
  @Min(1, { message: 'must be at least 1' })
  @Max(86_400, { message: 'must be at most 86400' })
  timeout_seconds?: number;

  @JSONSchema({
    type: 'string',
    format: 'date-time',
    description: 'Not before this instant: RFC 3339 with an offset, 1970 to 9999. Excludes delay_seconds.',
  })
  @IsOptional()
  run_at?: unknown;

  @JSONSchema({ description: 'Not before so many whole seconds from now. Excludes run_at.' })
  @IsOptional()
  @IsInt({ message: 'must be a whole number' })
  @Min(0, { message: 'must be at least 0' })
  @Max(TEN_YEARS_SECONDS, { message: `must be at most ${TEN_YEARS_SECONDS}` })
  delay_seconds?: number;

  @IsOptional()
  @IsAddress('Whom to tell by mail if the task fails for good; mails about several failures are gathered.')
  notify_email?: string;
}

/** The submission that a request asks for. @throws InvalidRequest with all that is wrong with its envelope */
export function readSubmission(body: unknown): Submission {
  const read = parseSubmission(body, '');
  if ('violations' in read) throw new InvalidRequest(read.violations);
  return read.submission;
}

/** A submission at a place of the body, or everything that is wrong with its envelope. */
export function parseSubmission(json: unknown, at: string): { submission: Submission } | { violations: Violation[] } {
  if (json === undefined) return { violations: [{ pointer: at, detail: 'must be a JSON object, but the body is empty' }] };
  const checked = validate(SubmissionRequest, json, at);
  if ('violations' in checked) return checked;
  const request = checked.value;
  const runAt = typeof request.run_at === 'string' ? parseInstant(request.run_at) : null;
  const violations = [...violationsOfTime(request, runAt, at), ...violationsOfRetry(request, at)];
  if (violations.length > 0) return { violations };
  return {
    submission: {
      type: request.type ?? undefined,
      title: request.title ?? undefined,
      description: request.description ?? undefined,
      payload: request.payload,
      metadata: request.metadata,
      priority: request.priority ?? undefined,
      tags: request.tags ?? undefined,
      maxAttempts: request.max_attempts ?? undefined,
      timeoutSeconds: request.timeout_seconds ?? undefined,
      retry: {
        firstDelaySeconds: request.retry?.first_delay_seconds ?? undefined,
        maxDelaySeconds: request.retry?.max_delay_seconds ?? undefined,
      },
      callbackUrl: request.callback_url,
      callbackFormat: request.callback_format ?? undefined,
      runAt: runAt ?? undefined,
      delaySeconds: request.delay_seconds ?? undefined,
      notifyEmail: request.notify_email ?? undefined,
    },
  };
}

function violationsOfRetry({ retry }: SubmissionRequest, at: string): Violation[] {
  const { first_delay_seconds: first, max_delay_seconds: most } = retry ?? {};
  if (typeof first !== 'number' || typeof most !== 'number' || first <= most) return [];
  return [{ pointer: `${at}/retry/first_delay_seconds`, detail: 'must be at most max_delay_seconds' }];
}

function violationsOfTime({ run_at, delay_seconds }: SubmissionRequest, runAt: Date | null, at: string): Violation[] {
  const pointer = `${at}/run_at`;
  if (run_at === undefined || run_at === null) return [];
  if (!runAt)
    return [{ pointer, detail: 'must be an RFC 3339 instant with an offset, such as 2027-01-31T09:00:00Z, from 1970 to 9999' }];
  if (typeof delay_seconds === 'number') return [{ pointer, detail: 'excludes delay_seconds; give one of them' }];
  return [];
}
