import { ValidateBy, isEmail } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';

/** One line: no control characters, so that nobody can begin a header of their own, and no marks that turn text around. */
const SUBJECT = /^[^\p{Cc}\p{Cs}\u2028-\u202e\u2066-\u2069]{1,255}$/u;

type Schema = Exclude<Parameters<typeof JSONSchema>[0], (...given: never[]) => unknown>;

const MAX_ADDRESSES = 50;
const address: Schema = { type: 'string', format: 'email', maxLength: 254 };

/** A bare address such as `ada@example.com`. Names are not taken: what a name may hold, mail programs read differently. */
export function IsAddress(description?: string): PropertyDecorator {
  return declare('isAddress', isAddress, 'must be an e-mail address such as ada@example.com', { ...address, description });
}

/** One address or a list of them. */
export function IsAddresses(description?: string): PropertyDecorator {
  const valid = (value: unknown) => {
    const addresses = [value].flat();
    return addresses.length > 0 && addresses.length <= MAX_ADDRESSES && addresses.every(isAddress);
  };
  return declare('isAddresses', valid, `must be an e-mail address, or a list of 1 to ${MAX_ADDRESSES} of them`, {
    description,
    oneOf: [address, { type: 'array', items: address, minItems: 1, maxItems: MAX_ADDRESSES }],
  });
}

/** The subject of a mail. */
export function IsSubject(): PropertyDecorator {
  const valid = (value: unknown) => typeof value === 'string' && SUBJECT.test(value);
  return declare('isSubject', valid, 'must be 1 to 255 characters on one line, without control characters or bidi overrides', {
    type: 'string',
    minLength: 1,
    maxLength: 255,
    pattern: SUBJECT.source,
  });
}

/** What `IsAddresses` took, as a list without repetitions. */
export function listOf(addresses: string | readonly string[] | null | undefined): string[] {
  return addresses ? [...new Set([addresses].flat())] : [];
}

function isAddress(value: unknown): boolean {
  return isEmail(value) && !/[\p{Cc}\p{Cs}\u2028\u2029]/u.test(value as string);
}

function declare(name: string, valid: (value: unknown) => boolean, message: string, schema: Schema): PropertyDecorator {
  return (target, key) => {
    ValidateBy({ name, validator: { validate: valid } }, { message })(target, key);
    // As a function, it takes the place of what would be derived from the member's type.
    JSONSchema(() => schema)(target, key as string);
  };
}

/** The addresses of a list that is separated by commas. */
export function addressesIn(text: string): string[] {
  return listOf(text.split(',').flatMap((part) => part.trim() || []));
}
