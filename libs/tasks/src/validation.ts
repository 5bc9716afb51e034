import { validateSync, type ValidationError } from 'class-validator';
import type { Violation } from './errors.js';

/** The value as an instance of its class, or everything that is wrong with it. */
export type Validated<T> = { value: T } | { violations: Violation[] };

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
  const value = Object.assign(new type(), json);
  const errors = validateSync(value, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true });
  return errors.length === 0 ? { value } : { violations: errors.flatMap((error) => violationsOf(error, at)) };
}

/** One step of an RFC 6901 JSON pointer. */
export function pointerStep(name: string): string {
  return '/' + name.replaceAll('~', '~0').replaceAll('/', '~1');
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
