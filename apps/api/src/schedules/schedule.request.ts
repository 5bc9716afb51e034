import { IsIn, IsInt, IsObject, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import type { EgressPolicy } from '@app/egress';
import {
  InvalidRequest,
  InvalidSchedule,
  MISSED,
  OVERLAPS,
  validate,
  type Missed,
  type NewSchedule,
  type Overlap,
  type ScheduleTerms,
  type Submission,
  type Violation,
} from '@app/tasks';
import { parseInstant } from '../http/instant.js';
import { TITLE, parseSubmission } from '../tasks/submission.request.js';

const MOST_MISSED = 1_000;
const DEFAULTS = { timeZone: 'UTC', overlap: 'skip', missed: 'last', maxMissed: 100 } as const;

/** A change of a schedule, as it stands in the body. A member that is null counts as left out, but for `ends_at`. */
export class ScheduleChange {
  @JSONSchema({ description: "The task's own title if left out." })
  @IsOptional()
  @Matches(TITLE, { message: 'must be 1 to 255 characters on one line, without control characters or bidi overrides' })
  title?: string;

  @JSONSchema({
    description:
      'When: minute, hour, day of month, month, day of week; with six fields the first is the second. Also @hourly, @daily, ' +
      '@weekly, @monthly, @yearly, and L, W and # as in other crons.',
    examples: ['0 7 * * MON-FRI'],
  })
  @IsOptional()
  @IsString({ message: 'must be a cron expression' })
  @MaxLength(255, { message: 'must be a cron expression of at most 255 characters' })
  cron?: string;

  @JSONSchema({
    description: 'IANA name of the time zone that cron is about.',
    default: DEFAULTS.timeZone,
    examples: ['Europe/Berlin'],
  })
  @IsOptional()
  @IsString({ message: 'must be the IANA name of a time zone' })
  time_zone?: string;

  @JSONSchema({ description: 'What every tick submits: a submission as for POST /api/tasks, without run_at and delay_seconds.' })
  @IsOptional()
  @IsObject({ message: 'must be an object' })
  task?: object;

  @JSONSchema({
    description: 'While the task of an earlier tick has not ended: skip the tick, or let it wait until it has.',
    default: DEFAULTS.overlap,
  })
  @IsOptional()
  @IsIn(OVERLAPS, { message: `must be one of ${OVERLAPS.join(', ')}` })
  overlap?: Overlap;

  @JSONSchema({
    description: 'Which ticks to make up for that nobody was there for, more than a minute ago: none, the last, or all.',
    default: DEFAULTS.missed,
  })
  @IsOptional()
  @IsIn(MISSED, { message: `must be one of ${MISSED.join(', ')}` })
  missed?: Missed;

  @JSONSchema({ description: 'With all: at most so many, the latest ones.', default: DEFAULTS.maxMissed })
  @IsOptional()
  @IsInt({ message: 'must be a whole number' })
  @Min(1, { message: 'must be at least 1' })
  @Max(MOST_MISSED, { message: `must be at most ${MOST_MISSED}` })
  max_missed?: number;

  @JSONSchema({
    type: 'string',
    format: 'date-time',
    description: 'No tick comes after this instant: RFC 3339 with an offset. Null for never.',
  })
  @IsOptional()
  ends_at?: unknown;

  @JSONSchema({ description: 'With a change: the version that the client has read. Another one is answered with 409.' })
  @IsOptional()
  @IsInt({ message: 'must be a whole number' })
  @Min(1, { message: 'must be at least 1' })
  version?: number;
}

/** A new schedule. @throws InvalidSchedule with all that is wrong with it */
export function readSchedule(body: unknown, egress: EgressPolicy): NewSchedule {
  const { terms, version, violations } = read(body, egress);
  const { cron, task, request } = terms;
  if (cron === undefined) violations.push({ pointer: '/cron', detail: 'is required' });
  if (task === undefined && !violations.some(({ pointer }) => pointer.startsWith('/task')))
    violations.push({ pointer: '/task', detail: 'is required' });
  if (version !== undefined) violations.push({ pointer: '/version', detail: 'is for changes only' });
  if (violations.length > 0 || cron === undefined || task === undefined) throw new InvalidSchedule(violations);
  return { ...DEFAULTS, endsAt: null, ...defined(terms), cron, task, request };
}

/** @throws InvalidSchedule with all that is wrong with it */
export function readScheduleChange(body: unknown, egress: EgressPolicy): { change: Partial<ScheduleTerms>; version?: number } {
  const { terms, version, violations } = read(body, egress);
  if (violations.length > 0) throw new InvalidSchedule(violations);
  return { change: defined(terms), version };
}

function read(body: unknown, egress: EgressPolicy): { terms: Partial<ScheduleTerms>; version?: number; violations: Violation[] } {
  if (body === undefined) throw new InvalidRequest([{ pointer: '', detail: 'must be a JSON object, but the body is empty' }]);
  const checked = validate(ScheduleChange, body);
  if ('violations' in checked) throw new InvalidSchedule(checked.violations);
  const request = checked.value;
  const violations: Violation[] = [];
  const task = request.task ? readTask(request.task, egress, violations) : undefined;
  const terms: Partial<ScheduleTerms> = {
    title: request.title ?? undefined,
    cron: request.cron ?? undefined,
    timeZone: request.time_zone ?? undefined,
    task,
    request: task && request.task,
    overlap: request.overlap ?? undefined,
    missed: request.missed ?? undefined,
    maxMissed: request.max_missed ?? undefined,
    endsAt: request.ends_at === undefined ? undefined : readEnd(request.ends_at, violations),
  };
  return { terms, version: request.version ?? undefined, violations };
}

function readTask(json: object, egress: EgressPolicy, violations: Violation[]): Submission | undefined {
  const parsed = parseSubmission(json, '/task');
  if ('violations' in parsed) {
    violations.push(...parsed.violations);
    return undefined;
  }
  const { runAt, delaySeconds, ...submission } = parsed.submission;
  const refusal = submission.callbackUrl === undefined ? undefined : egress.refusal(submission.callbackUrl);
  if (refusal !== undefined) violations.push({ pointer: '/task/callback_url', detail: refusal });
  if (runAt !== undefined) violations.push({ pointer: '/task/run_at', detail: 'is for the schedule to say' });
  if (delaySeconds !== undefined) violations.push({ pointer: '/task/delay_seconds', detail: 'is for the schedule to say' });
  return submission;
}

function readEnd(value: unknown, violations: Violation[]): Date | null {
  if (value === null) return null;
  const instant = typeof value === 'string' ? parseInstant(value) : null;
  if (!instant) {
    violations.push({ pointer: '/ends_at', detail: 'must be an RFC 3339 instant with an offset, such as 2027-01-31T09:00:00Z' });
  }
  return instant;
}

/** Without the members that are undefined, so that they take the place of no default. */
function defined<T extends object>(given: T): T {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as T;
}
