import { ValidationTypes } from 'class-validator';
import { targetConstructorToSchema } from 'class-validator-jsonschema';
import type { HandlerOptions } from './handler.js';
import { nestedType } from './members.js';

/** A JSON Schema of draft 2020-12, as OpenAPI 3.1 uses it. */
export type JsonSchema = { [keyword: string]: unknown };

/** What a type takes as its payload; a type without a payload class takes any JSON value. */
export function payloadSchema({ payload }: Pick<HandlerOptions, 'payload'>): JsonSchema {
  return payload ? classSchema(payload) : {};
}

/** What a type gives as its result; a type without a result class gives any JSON value. */
export function resultSchema({ result }: Pick<HandlerOptions, 'result'>): JsonSchema {
  return result ? classSchema(result) : {};
}

/**
 * The JSON Schema of what `validate` accepts for a class: derived from its class-validator decorators, with the texts of
 * `@JSONSchema` from class-validator-jsonschema where a member has one.
 */
export function classSchema(type: new () => object): JsonSchema {
  const { properties = {}, required = [] } = targetConstructorToSchema(type, {
    additionalConverters: {
      [ValidationTypes.NESTED_VALIDATION]: ({ target, propertyName, each }) =>
        classSchema(nestedType(target as new () => object, propertyName, each)),
    },
  });
  return { type: 'object', properties, required, additionalProperties: false };
}
