import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
} from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { PASSWORD, ROLES, SCOPES, type KeyWish, type Role, type Scope, type UserWish } from '@app/access';
import { InvalidRequest, validate, type HandlerRegistry } from '@app/tasks';
import { parseInstant } from '../http/instant.js';
import { TYPE } from '../tasks/submission.request.js';

const NAME = /^[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}$/;
const KEY_NAME = /^[^\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]{1,100}$/u;
const NO_NAME = 'must be 1 to 64 ASCII letters, digits and . _ @ + -, beginning with a letter or digit';
const NO_PASSWORD = 'must be 12 to 256 characters, without control characters';
/** What is no password at all is said at once: hashing a megabyte takes its time. */
const LONGEST_LOGIN = 256;

/** Who logs in. */
export class LoginRequest {
  @IsString({ message: 'must be a string' })
  @MaxLength(LONGEST_LOGIN, { message: `must be at most ${LONGEST_LOGIN} characters` })
  name!: string;

  @IsString({ message: 'must be a string' })
  @Matches(/^[^\p{Cc}\p{Cs}]*$/u, { message: 'must be without control characters' })
  @MaxLength(2 * LONGEST_LOGIN, { message: `must be at most ${LONGEST_LOGIN} characters` })
  password!: string;
}

/** The first admin, made by whoever has the setup link. */
export class SetupRequest {
  @Matches(/^[A-Za-z0-9_-]{1,100}$/, { message: 'must be the token of a setup link' })
  token!: string;

  @JSONSchema({ description: 'The case does not count.' })
  @Matches(NAME, { message: NO_NAME })
  name!: string;

  @Matches(PASSWORD, { message: NO_PASSWORD })
  password!: string;
}

export class PasswordRequest {
  @JSONSchema({ description: 'The one that holds now.' })
  @IsString({ message: 'must be a string' })
  @MaxLength(2 * LONGEST_LOGIN, { message: `must be at most ${LONGEST_LOGIN} characters` })
  password!: string;

  @Matches(PASSWORD, { message: NO_PASSWORD })
  new_password!: string;
}

export class UserRequest {
  @JSONSchema({ description: 'The case does not count.' })
  @Matches(NAME, { message: NO_NAME })
  name!: string;

  @IsIn(ROLES, { message: `must be one of ${ROLES.join(', ')}` })
  role!: Role;

  @Matches(PASSWORD, { message: NO_PASSWORD })
  password!: string;
}

/** A new password, or being disabled, ends the user's sessions. */
export class UserChangeRequest {
  @IsOptional()
  @IsIn(ROLES, { message: `must be one of ${ROLES.join(', ')}` })
  role?: Role;

  @IsOptional()
  @IsBoolean({ message: 'must be true or false' })
  disabled?: boolean;

  @IsOptional()
  @Matches(PASSWORD, { message: NO_PASSWORD })
  password?: string;
}

export class KeyRequest {
  @JSONSchema({ description: 'What the key is for, or whose it is.' })
  @Matches(KEY_NAME, { message: 'must be 1 to 100 characters on one line, without control characters or bidi overrides' })
  name!: string;

  @IsArray({ message: 'must be an array' })
  @ArrayMinSize(1, { message: 'must hold a scope' })
  @ArrayMaxSize(SCOPES.length, { message: 'must not hold a scope twice' })
  @IsIn(SCOPES, { each: true, message: `must be some of ${SCOPES.join(', ')}` })
  scopes!: Scope[];

  @JSONSchema({ description: 'The only types of tasks that the key may deal with; null for all.' })
  @ValidateIf((_, value) => value !== undefined && value !== null)
  @IsArray({ message: 'must be an array' })
  @ArrayMinSize(1, { message: 'must hold a type' })
  @ArrayMaxSize(100, { message: 'must be at most 100 types' })
  @Matches(TYPE, { each: true, message: 'must be names of task types' })
  types?: string[] | null;

  @JSONSchema({
    type: 'string',
    format: 'date-time',
    description: 'From then on the key is refused: RFC 3339 with an offset. Null for never.',
  })
  @IsOptional()
  expires_at?: unknown;

  @JSONSchema({ description: 'Requests a minute of one API process; null for what the settings say.' })
  @IsOptional()
  @IsInt({ message: 'must be a whole number' })
  @Min(1, { message: 'must be at least 1' })
  @Max(10_000_000, { message: 'must be at most 10000000' })
  rate_limit?: number | null;
}

/** The body as an instance of its class. @throws InvalidRequest with all that is wrong with it */
export function read<T extends object>(type: new () => T, body: unknown): T {
  if (body === undefined) throw new InvalidRequest([{ pointer: '', detail: 'must be a JSON object, but the body is empty' }]);
  const checked = validate(type, body);
  if ('violations' in checked) throw new InvalidRequest(checked.violations);
  return checked.value;
}

export function userChangeOf({ role, disabled, password }: UserChangeRequest): UserWish {
  return { role: role ?? undefined, disabled: disabled ?? undefined, password: password ?? undefined };
}

/** @throws InvalidRequest for a type that does not exist, and for an end that is none or is over */
export function readKey(body: unknown, registry: HandlerRegistry): KeyWish {
  const { name, scopes, types, expires_at, rate_limit } = read(KeyRequest, body);
  const violations = (types ?? []).flatMap((type, index) =>
    registry.has(type) ? [] : [{ pointer: `/types/${index}`, detail: 'is not a task type' }],
  );
  const expiresAt = typeof expires_at === 'string' ? parseInstant(expires_at) : null;
  if (expires_at !== undefined && expires_at !== null && !(expiresAt && expiresAt.getTime() > Date.now())) {
    violations.push({ pointer: '/expires_at', detail: 'must be an RFC 3339 instant with an offset, in the future' });
  }
  if (violations.length > 0) throw new InvalidRequest(violations);
  return { name, scopes: [...new Set(scopes)], types: types ?? null, expiresAt, rateLimit: rate_limit ?? null };
}
