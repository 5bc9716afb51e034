import { getMetadataStorage, validateSync, ValidationTypes, type ValidationError } from 'class-validator';
import type { Violation } from './errors.js';

/** The value as an instance of its class, or everything that is wrong with it. */
export type Validated<T> = { value: T } | { violations: Violation[] };

type Check = (object: object, value: unknown) => boolean;

/** A member of a class as its decorators declare it. */
interface Member {
  /** The checks count only if all of these say so (`@IsOptional`). */
  conditions: Check[];
  checks: Check[];
}

/** Enough of them for anybody to read. */
const MAX_UNKNOWN = 20;
/** Longest part of a client's own name that is repeated to it. */
const MAX_STEP = 200;

const membersByClass = new WeakMap<object, ReadonlyMap<string, Member>>();

/**
 * Checks a JSON value against a class with class-validator's decorators. Members that the class does not declare are violations,
 * nothing is converted, and the value is taken over as it is.
 *
 * @param at the JSON pointer of the value within the request.
 */
export function validate<T extends object>(type: new () => T, json: unknown, at = ''): Validated<T> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    return { violations: [{ pointer: at, detail: `must be an object, but is ${nameOf(json)}` }] };
  }
  const members = membersOf(type);
  const value = new type();
  const violations: Violation[] = [];
  for (const name of Object.keys(json)) {
    // Only declared names: an own `constructor` would lead class-validator to other rules than the class's.
    if (members.has(name)) value[name as keyof T] = (json as T)[name as keyof T];
    else violations.push({ pointer: at + pointerStep(name), detail: 'is not a member of this object' });
    if (violations.length === MAX_UNKNOWN) return { violations };
  }
  if (violations.length === 0 && fits(value, members)) return { value };
  const errors = validateSync(value, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: false });
  violations.push(...errors.flatMap((error) => violationsOf(error, at)));
  return violations.length === 0 ? { value } : { violations };
}

/** One step of an RFC 6901 JSON pointer; a very long name is cut. */
export function pointerStep(name: string): string {
  const step = name.length > MAX_STEP ? `${name.slice(0, MAX_STEP)}…` : name;
  return '/' + step.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** The checks of `validateSync` without its bookkeeping: ten times as fast for the usual case, a value that fits. */
function fits(value: object, members: ReadonlyMap<string, Member>): boolean {
  for (const [name, { conditions, checks }] of members) {
    const member = (value as Record<string, unknown>)[name];
    if (conditions.every((holds) => holds(value, member)) && !checks.every((holds) => holds(value, member))) return false;
  }
  return true;
}

function membersOf(type: new () => object): ReadonlyMap<string, Member> {
  let members = membersByClass.get(type);
  if (!members) membersByClass.set(type, (members = readMembers(type)));
  return members;
}

function readMembers(type: new () => object): Map<string, Member> {
  const storage = getMetadataStorage();
  const members = new Map<string, Member>();
  for (const metadata of storage.getTargetValidationMetadatas(type, '', false, false)) {
    const { propertyName: property, constraints, each, validateIf } = metadata;
    const member = members.get(property) ?? { conditions: [], checks: [] };
    members.set(property, member);
    if (metadata.type === ValidationTypes.CONDITIONAL_VALIDATION) {
      member.conditions.push(constraints[0] as Check);
    } else if (metadata.type === ValidationTypes.CUSTOM_VALIDATION) {
      for (const { instance } of storage.getTargetValidatorConstraints(metadata.constraintCls)) {
        const check: Check = (object, value) =>
          instance.validate(value, { value, constraints, targetName: type.name, object, property }) === true;
        const all: Check = each
          ? (object, value) => (Array.isArray(value) ? value.every((item) => check(object, item)) : check(object, value))
          : check;
        member.checks.push(validateIf ? (object, value) => !validateIf(object, value) || all(object, value) : all);
      }
    } else if (metadata.type !== ValidationTypes.WHITELIST) {
      // Nested objects and the like: left to class-validator.
      member.checks.push(() => false);
    }
  }
  return members;
}

function violationsOf(error: ValidationError, at: string): Violation[] {
  const pointer = at + pointerStep(error.property);
  const own = Object.values(error.constraints ?? {}).map((detail) => ({ pointer, detail }));
  return own.concat((error.children ?? []).flatMap((child) => violationsOf(child, pointer)));
}

function nameOf(json: unknown): string {
  if (json === null) return 'null';
  return Array.isArray(json) ? 'an array' : `a ${typeof json}`;
}
