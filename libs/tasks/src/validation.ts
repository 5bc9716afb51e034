import type { Violation } from './errors.js';
import { membersOf, type Member } from './members.js';

/** The value as an instance of its class, or everything that is wrong with it. */
export type Validated<T> = { value: T } | { violations: Violation[] };

/** Enough of them for anybody to read. */
const MAX_UNKNOWN = 20;
const MAX_VIOLATIONS = 100;
/** Longest part of a client's own name that is repeated to it. */
const MAX_STEP = 200;

/**
 * Checks a JSON value against a class with class-validator's decorators. Members that the class does not declare are violations,
 * nothing is converted, and the value is taken over as it is. What `@ValidateNested` marks is checked against the class that its
 * `@Type` names, at any depth.
 *
 * @param at the JSON pointer of the value within the request.
 */
export function validate<T extends object>(type: new () => T, json: unknown, at = ''): Validated<T> {
  const violations: Violation[] = [];
  check(type, json, at, violations);
  if (violations.length > 0) return { violations };
  return { value: Object.assign(new type(), json) };
}

/** One step of an RFC 6901 JSON pointer; a very long name is cut. */
export function pointerStep(name: string): string {
  const step = name.length > MAX_STEP ? `${name.slice(0, MAX_STEP)}…` : name;
  return '/' + step.replaceAll('~', '~0').replaceAll('/', '~1');
}

function check(type: new () => object, json: unknown, at: string, violations: Violation[]): void {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    violations.push({ pointer: at, detail: `must be an object, but is ${nameOf(json)}` });
    return;
  }
  const members = membersOf(type);
  let unknown = 0;
  for (const name of Object.keys(json)) {
    if (members.has(name)) continue;
    violations.push({ pointer: at + pointerStep(name), detail: 'is not a member of this object' });
    if (++unknown === MAX_UNKNOWN) return;
  }
  for (const [name, member] of members) {
    if (violations.length >= MAX_VIOLATIONS) return;
    const value = Object.hasOwn(json, name) ? (json as Record<string, unknown>)[name] : undefined;
    if (member.conditions.every((holds) => holds(json, value))) checkMember(member, json, value, at, name, violations);
  }
}

function checkMember(member: Member, object: object, value: unknown, at: string, name: string, violations: Violation[]): void {
  const before = violations.length;
  for (const rule of member.rules) {
    if (!rule.holds(object, value)) violations.push({ pointer: at + pointerStep(name), detail: rule.explain(object, value) });
  }
  if (!member.nested || violations.length > before) return;
  const pointer = at + pointerStep(name);
  if (!member.nested.each) return check(member.nested.type, value, pointer, violations);
  if (!Array.isArray(value)) {
    violations.push({ pointer, detail: `must be an array, but is ${nameOf(value)}` });
    return;
  }
  for (let index = 0; index < value.length && violations.length < MAX_VIOLATIONS; index++) {
    check(member.nested.type, value[index], `${pointer}/${index}`, violations);
  }
}

function nameOf(json: unknown): string {
  if (json === null) return 'null';
  if (json === undefined) return 'missing';
  return Array.isArray(json) ? 'an array' : `a ${typeof json}`;
}
