import 'reflect-metadata';
import { Type } from 'class-transformer';
import {
  isEmail,
  IsIn,
  IsInt,
  IsString,
  IsTimeZone,
  Matches,
  Max,
  Min,
  ValidateBy,
  type ValidationOptions,
} from 'class-validator';
import { AreWebhookSecrets } from './webhook-secrets.js';
import { ARMED_FAIL_POINT, FAIL_POINTS, SEEDED_BUGS, listOf } from './test-only.js';

/** A whole number within bounds, as text in the environment. */
function Whole(min: number, max: number): PropertyDecorator {
  return (target, key) => {
    Type(() => Number)(target, key);
    IsInt({ message: '$property must be a whole number' })(target, key);
    Min(min)(target, key);
    Max(max)(target, key);
  };
}

function IsAddressList(options: ValidationOptions): PropertyDecorator {
  const validate = (value: unknown) =>
    value === '' ||
    String(value)
      .split(',')
      .every((part) => isEmail(part.trim()));
  return ValidateBy({ name: 'isAddressList', validator: { validate } }, options);
}

/**
 * Every setting with its default: what runs when nothing is set. The environment key is the name in upper snake case
 * (`databaseUrl` is `DATABASE_URL`). `.env.example` explains each one; a test keeps the two equal.
 */
export class Settings {
  @IsIn(['development', 'test', 'production'])
  nodeEnv: 'development' | 'test' | 'production' = 'development';

  /** `sqlite:PATH` or `mysql://user:password@host:3306/database`. */
  @Matches(/^(sqlite:.+|mysql:\/\/[^/]+\/[^/?]+.*)$/, {
    message: '$property must be sqlite:PATH or mysql://USER:PASSWORD@HOST:PORT/DATABASE',
  })
  databaseUrl = 'sqlite:data/taskwell.db';

  /** `embedded:` or `amqp://user:password@host:5672/vhost` (`amqps:` for TLS). */
  @Matches(/^(embedded:|amqps?:\/\/.+)$/, { message: '$property must be embedded: or amqp://USER:PASSWORD@HOST:PORT' })
  transportUrl = 'embedded:';

  /** The password of `databaseUrl`, where that has a user but no password; kept apart so that addresses are no secrets. */
  @IsString()
  databasePassword = '';

  /** The password of `transportUrl`, in the same way. */
  @IsString()
  transportPassword = '';

  @IsString()
  host = '127.0.0.1';

  @Whole(0, 65_535)
  port = 8000;

  /** The worker's health port. */
  @Whole(0, 65_535)
  workerPort = 8001;

  @IsIn(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
  logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent' = 'info';

  /** Lets who carries it as a bearer token read /metrics; empty: nobody by a token. */
  @Matches(/^$|^[\w.~+/=-]{16,200}$/, { message: '$property must be 16 to 200 letters, digits and -._~+/=' })
  metricsToken = '';

  /** Password of the first admin, whose name is `admin`. Used only while there is no admin. */
  @Matches(/^(?:[^\p{Cc}\p{Cs}]{12,256})?$/u, { message: '$property must be a password of 12 to 256 characters' })
  adminPassword = '';

  /** What requests without key or session may do where this process is locked. */
  @Matches(listOf(/\s*tasks:(?:submit|read|act)\s*/), {
    message: '$property must be a list of tasks:submit, tasks:read, tasks:act',
  })
  anonymousScopes = '';

  /** Addresses and CIDRs of proxies whose `X-Forwarded-…` headers are believed. */
  @Matches(listOf(/\s*(?:loopback|linklocal|uniquelocal|[\da-fA-F:.]+(?:\/\d{1,3})?)\s*/), {
    message: '$property must be a list like loopback,10.0.0.0/8',
  })
  trustProxy = '';

  /** A session that is not used for so long ends. */
  @Whole(1, 60 * 24 * 30)
  sessionIdleMinutes = 12 * 60;

  /** Every session ends after so long. */
  @Whole(1, 24 * 90)
  sessionHours = 24 * 7;

  /** Requests a minute that a key without a limit of its own may make; 0 for any number. */
  @Whole(0, 10_000_000)
  keyRequestsPerMinute = 0;

  /** Which members of payloads, metadata and results are hidden from those who only look on: JSON pointers with `*` and `**`. */
  @Matches(/^(?:\s*\/[^\s,]+(?:[\s,]+\/[^\s,]+)*\s*)?$/, {
    message: '$property must be a list of JSON pointers like /card/number,/**/*secret*',
  })
  redact = '/**/*password*,/**/*token*,/**/*secret*,/**/*authorization*';

  /** Largest request body, in bytes. */
  @Whole(1_024, 8 * 1024 * 1024)
  maxBodyBytes = 1024 * 1024;

  /** Largest result a handler may return, as JSON, in bytes. */
  @Whole(1_024, 8 * 1024 * 1024)
  maxResultBytes = 1024 * 1024;

  /** A request that has not arrived whole by then gets a 408. */
  @Whole(1, 3_600)
  requestTimeoutSeconds = 30;

  /** Whether POST /api/tasks must carry an Idempotency-Key. */
  @IsIn(['optional', 'required'])
  idempotencyKey: 'optional' | 'required' = 'optional';

  /** How long an Idempotency-Key is remembered. */
  @Whole(1, 24 * 365)
  idempotencyHours = 24;

  /** Tasks that one worker runs side by side. */
  @Whole(1, 1_000)
  workerConcurrency = 32;

  /** How long a worker owns an attempt without renewing it. */
  @Whole(2, 3_600)
  leaseSeconds = 30;

  /** How often the sweeper looks for tasks that are due and held by nobody. */
  @Whole(1, 300)
  sweepSeconds = 5;

  /** A task whose worker went away this often FAILS. */
  @Whole(1, 100)
  maxCrashes = 3;

  /** How long running tasks may go on after SIGTERM before they are handed back. */
  @Whole(0, 3_600)
  shutdownGraceSeconds = 20;

  /** How long a plain task (one without a type) waits before it completes. */
  @Whole(0, 3_600_000)
  plainTaskMs = 2_000;

  /** `whsec_…` secrets to sign callbacks with, separated by white space or commas; each gives a signature. Empty: one is made and kept. */
  @AreWebhookSecrets()
  callbackSecret = '';

  /** The waits between the tries of a callback, in seconds. */
  @Matches(/^\d{1,7}(?:\.\d{1,3})?(?:\s*,\s*\d{1,7}(?:\.\d{1,3})?){0,98}$/, {
    message: '$property must be a list of seconds like 5,300,1800',
  })
  callbackSchedule = '5,300,1800,7200,18000,36000,50400,72000,86400';

  /** Hosts, addresses and CIDRs that `http.fetch` and callbacks may reach although they are private. */
  @Matches(listOf(/\s*(?:\[?[\da-fA-F:.]+\]?(?:\/\d{1,3})?|[\w-]+(?:\.[\w-]+)*)\s*/), {
    message: '$property must be a list like localhost,10.0.0.0/8,fd00::/8',
  })
  egressAllow = '';

  /** Deadline for one unit of work against the database. */
  @Whole(100, 60_000)
  databaseTimeoutMs = 2_500;

  @Whole(1, 200)
  databasePoolSize = 10;

  /** Deadline for the broker to confirm an announcement. */
  @Whole(100, 60_000)
  announceTimeoutMs = 1_000;

  @Whole(1, 60)
  amqpHeartbeatSeconds = 5;

  /** First part of the names of all queues, so that several Taskwells can share a broker. */
  @Matches(/^[a-z][a-z0-9_-]{0,39}$/, { message: '$property must be a short lower-case name' })
  queuePrefix = 'taskwell';

  /** `smtp://user:password@host:port` (`smtps:` for TLS from the start); empty: mails become files in `outboxDir`. */
  @Matches(/^$|^smtps?:\/\/[^\s/]+/, { message: '$property must be smtp://USER:PASSWORD@HOST:PORT or smtps://…' })
  smtpUrl = '';

  /** The sender of every mail: an address, or a name with an address in angle brackets. */
  @Matches(/^(?:[^\p{Cc}<>"@,;:]+ <[^\s<>"@,;:]+@[^\s<>"@,;:]+>|[^\s<>"@,;:]+@[^\s<>"@,;:]+)$/u, {
    message: '$property must be an address such as tasks@example.com or Tasks <tasks@example.com>',
  })
  mailFrom = 'Taskwell <taskwell@localhost>';

  /** Longest time that handing one mail to the server may take. */
  @Whole(1, 600)
  smtpTimeoutSeconds = 30;

  /** The folder that mails are written to when there is no server. */
  @IsString()
  outboxDir = 'data/outbox';

  /** Where the files of tasks are kept: `file:FOLDER` or `s3://BUCKET/PREFIX`. Processes that share tasks share it. */
  @Matches(/^(?:file:.+|s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:\/[\w.-]+)*\/?)$/, {
    message: '$property must be file:FOLDER or s3://BUCKET/PREFIX',
  })
  filesUrl = 'file:data/files';

  /** Base URL of an S3 server other than AWS; empty for AWS. */
  @Matches(/^$|^https?:\/\/[^\s/]+(?:\/\S*)?$/, { message: '$property must be http://HOST:PORT or https://…' })
  s3Endpoint = '';

  @Matches(/^[a-z0-9-]{1,40}$/, { message: '$property must be the name of a region such as eu-central-1' })
  s3Region = 'us-east-1';

  /** Largest file that a task may keep, in bytes. */
  @Whole(1_024, 1024 * 1024 * 1024)
  maxFileBytes = 64 * 1024 * 1024;

  /** Who is told by mail about tasks that failed for good: addresses, separated by commas; empty for nobody. */
  @IsAddressList({ message: '$property must be a list of addresses such as ops@example.com,dev@example.com' })
  failureMailTo = '';

  /** The pause after the first of such mails; every further one is four times as long, up to an hour. */
  @Whole(1, 3_600)
  failureMailIntervalSeconds = 60;

  /** Largest file that may be uploaded, in bytes. */
  @Whole(1_024, 1024 ** 4)
  maxUploadBytes = 10 * 1024 ** 3;

  /** Most bytes that an uploaded file may unpack to. */
  @Whole(1_024, 1024 ** 4)
  maxUnpackedBytes = 20 * 1024 ** 3;

  /** Where archives are kept: `file:FOLDER`, or `s3://BUCKET/PREFIX`. */
  @Matches(/^(file:.+|s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/[\w./-]*)?)$/, {
    message: '$property must be file:FOLDER or s3://BUCKET/PREFIX',
  })
  archiveUrl = 'file:data/archive';

  /** The storage class of the rows in S3. */
  @IsIn(['GLACIER', 'DEEP_ARCHIVE'])
  archiveStorageClass: 'GLACIER' | 'DEEP_ARCHIVE' = 'GLACIER';

  /** Whether rows are deleted once they are archived and the files were found to be whole. */
  @IsIn(['true', 'false'])
  archiveDelete: 'true' | 'false' = 'false';

  /** How often S3 is asked whether files that a restore waits for are ready. */
  @Whole(1, 86_400)
  archivePollSeconds = 300;

  /** The day on which a financial year begins: month and day. Not 02-29, which most years lack. */
  @Matches(
    /^(?!02-29)(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|1\d|2[0-8]))$/,
    {
      message: '$property must be a month and a day that every year has, such as 04-01',
    },
  )
  fiscalYearStart = '04-01';

  /** IANA name of the time zone by whose clock financial years begin. */
  @IsTimeZone({ message: '$property must be the IANA name of a time zone, such as Europe/Berlin' })
  fiscalTimeZone = 'UTC';

  /** For tests of faults: where this process ends itself. Refused in production, as are the three below. */
  @Matches(listOf(ARMED_FAIL_POINT), {
    message: `$property must be a list like after_claim,mid_effect:0.05,before_settle#3 of ${FAIL_POINTS.join(', ')}`,
  })
  failPoints = '';

  /** Seed of the probabilities in `failPoints`. */
  @Whole(0, 2 ** 31 - 1)
  failSeed = 1;

  /** For tests of the fault suite itself: defects to build in. */
  @Matches(listOf(new RegExp(SEEDED_BUGS.join('|'))), { message: `$property must be a list of ${SEEDED_BUGS.join(', ')}` })
  seededBugs = '';

  /** For tests: a folder with further `*.handler.mjs` files. */
  @IsString()
  testHandlers = '';
}
