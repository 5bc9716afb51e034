import Big from 'big.js';
import { ValidateBy } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';

/** Longest text of a number. */
const MAX_LENGTH = 100;
/** A number that is not zero lies between 10 to the power of minus so much, and of so much. */
const MAX_EXPONENT = 100;
const DECIMAL = /^-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?$/;

/**
 * A decimal number, given as a JSON number or, where that would not be exact, as a text. Its size is bounded: the sum of 1e999999 and 1
 * has a million digits.
 */
export function IsDecimal(): PropertyDecorator {
  // As a function, it takes the place of what would be derived from the member's type.
  const schema = JSONSchema(() => ({
    type: ['number', 'string'],
    maxLength: MAX_LENGTH,
    pattern: DECIMAL.source,
    description: `A number, or a text with one. Beyond 1e-${MAX_EXPONENT} and 1e${MAX_EXPONENT} it is refused.`,
  }));
  const check = ValidateBy(
    { name: 'isDecimal', validator: { validate: isDecimal } },
    { message: `must be a number between -1e${MAX_EXPONENT} and 1e${MAX_EXPONENT}, or a text with one` },
  );
  return (target, key) => {
    schema(target, key as string);
    check(target, key);
  };
}

function isDecimal(value: unknown): boolean {
  if (typeof value !== 'number' && typeof value !== 'string') return false;
  const text = String(value);
  if (text.length > MAX_LENGTH || !DECIMAL.test(text)) return false;
  const { c, e } = new Big(text);
  return c[0] === 0 || Math.abs(e) <= MAX_EXPONENT;
}

/** The number as JSON number if a double holds it exactly as it is written, else as text. */
export function exactJson(number: Big): number | string {
  const text = number.toFixed();
  const double = Number(text);
  return new Big(double).eq(number) ? double + 0 : text;
}
