import { LosslessNumber, isSafeNumber, parse, stringify } from 'lossless-json';

/** JSON as values; a number that a double cannot hold exactly stays its digits (a `LosslessNumber`). @throws SyntaxError */
export function readJson(text: string): unknown {
  return parse(text, undefined, (digits) => (isSafeNumber(digits) ? Number(digits) : new LosslessNumber(digits)));
}

/** The value as JSON, digits as they came. */
export function writeJson(value: unknown, indent?: number): string {
  return stringify(value, undefined, indent) ?? 'null';
}

export { LosslessNumber };
