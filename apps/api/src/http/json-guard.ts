import { pointerStep } from '@app/tasks';

/** Deepest nesting of arrays and objects that a body may have. */
export const MAX_DEPTH = 64;

const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/** Numbers of so many digits always survive, but for the very large and the very small. */
const SAFE_DIGITS = 15;
/** Up to so many names of one object, comparing each with each is faster than a Set. */
const FEW_NAMES = 8;

/** What is wrong with a JSON text, and where. */
export interface Finding {
  pointer: string;
  detail: string;
}

/** An array or object that the scan is in. */
interface Level {
  isObject: boolean;
  /** Names seen so far in the object. */
  names: string[];
  /** The same, once they are many. */
  lookup: Set<string> | null;
  /** Position in the array. */
  index: number;
}

/**
 * Finds what `JSON.parse` lets through although it does not keep it, or makes it dangerous: a name twice in one object, a
 * number that no double holds, `__proto__` and `constructor.prototype`, nesting beyond {@link MAX_DEPTH}.
 *
 * One pass without recursion.
 *
 * @param json text that `JSON.parse` accepts; of other text the answer means nothing.
 */
export function findUnsafe(json: string): Finding | null {
  const levels: Level[] = [];
  let depth = 0;
  let at = 0;
  const length = json.length;
  while (at < length) {
    const code = json.charCodeAt(at);
    if (code === QUOTE) {
      const end = endOfString(json, at);
      const after = skipSpace(json, end);
      if (json.charCodeAt(after) === COLON) {
        const name = nameAt(json, at, end);
        const wrong = enterName(levels, depth, name);
        if (wrong) return { pointer: pointerTo(levels, depth), detail: wrong };
        at = after + 1;
      } else {
        at = after;
      }
    } else if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
      if (depth === MAX_DEPTH) return { pointer: pointerTo(levels, depth), detail: `is nested deeper than ${MAX_DEPTH} levels` };
      open(levels, depth++, code === OPEN_OBJECT);
      at++;
    } else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) {
      depth--;
      at++;
    } else if (code === COMMA) {
      levels[depth - 1]!.index++;
      at++;
    } else if (code === MINUS || (code >= 0x30 && code <= 0x39)) {
      const end = endOfNumber(json, at);
      if (!survives(json, at, end)) {
        const detail = `the number ${json.slice(at, Math.min(end, at + 40))} cannot be kept exactly; send it as a string`;
        return { pointer: pointerTo(levels, depth), detail };
      }
      at = end;
    } else {
      at++;
    }
  }
  return null;
}

function open(levels: Level[], depth: number, isObject: boolean): void {
  const level = (levels[depth] ??= { isObject, names: [], lookup: null, index: 0 });
  level.isObject = isObject;
  level.names.length = 0;
  level.lookup = null;
  level.index = 0;
}

function enterName(levels: Level[], depth: number, name: string): string | null {
  const level = levels[depth - 1]!;
  const { names } = level;
  const twice = level.lookup ? level.lookup.has(name) : names.includes(name);
  names.push(name);
  if (twice) return 'this name occurs twice in its object';
  if (level.lookup) level.lookup.add(name);
  else if (names.length > FEW_NAMES) level.lookup = new Set(names);

  if (name === '__proto__') return 'this name is not allowed';
  const parent = levels[depth - 2];
  const inConstructor = name === 'prototype' && parent?.isObject && parent.names.at(-1) === 'constructor';
  return inConstructor ? 'this name is not allowed here' : null;
}

/** The position after a string's closing quote. */
function endOfString(json: string, start: number): number {
  let end = json.indexOf('"', start + 1);
  while (isEscaped(json, end)) end = json.indexOf('"', end + 1);
  return end + 1;
}

function isEscaped(json: string, at: number): boolean {
  let backslashes = 0;
  while (json.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes++;
  return backslashes % 2 === 1;
}

function nameAt(json: string, start: number, end: number): string {
  const raw = json.slice(start + 1, end - 1);
  return raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw;
}

function skipSpace(json: string, at: number): number {
  while (json.charCodeAt(at) <= 0x20) at++;
  return at;
}

function endOfNumber(json: string, at: number): number {
  for (;;) {
    const code = json.charCodeAt(at);
    const inNumber = (code >= 0x30 && code <= 0x39) || code === MINUS || code === 0x2b || code === 0x2e || (code | 0x20) === 0x65;
    if (!inNumber) return at;
    at++;
  }
}

/** True if the nearest double, written with as many digits as the client wrote, is what the client wrote. */
function survives(json: string, start: number, end: number): boolean {
  const text = json.slice(start, end);
  const hasExponent = /e/i.test(text);
  if (text.length <= SAFE_DIGITS && !hasExponent) return true;

  const value = Number(text);
  const isOrdinary = Math.abs(value) > 1e-300 && Math.abs(value) < 1e300;
  // An exponent takes two characters at least.
  if (isOrdinary && text.length <= SAFE_DIGITS + 2 && hasExponent) return true;
  if (String(value) === text) return true;

  const given = decimal(text);
  if (given.digits === '') return true;
  if (!Number.isFinite(value) || value === 0 || given.digits.length > 100) return false;
  const kept = decimal(value.toPrecision(given.digits.length));
  return kept.digits === given.digits && kept.exponent === given.exponent;
}

/** The significant digits of a number without zeros around them, and the power of ten of the last one. */
function decimal(text: string): { digits: string; exponent: number } {
  const [mantissa = '', power = '0'] = text.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const all = (whole + fraction).replace(/^0+/, '');
  const digits = all.replace(/0+$/, '');
  return { digits, exponent: Number(power) - fraction.length + all.length - digits.length };
}

function pointerTo(levels: Level[], depth: number): string {
  return levels
    .slice(0, depth)
    .map((level) => (level.isObject ? pointerStep(level.names.at(-1) ?? '') : `/${level.index}`))
    .join('');
}
