import { targetConstructorToSchema } from 'class-validator-jsonschema';
import type { HandlerOptions } from './handler.js';

/** A JSON Schema of draft 2020-12, as OpenAPI 3.1 uses it. */
export type JsonSchema = { [keyword: string]: unknown };

/** What a type takes as its payload; a type without a payload class takes any JSON value. */
export function payloadSchema({ payload }: Pick<HandlerOptions, 'payload'>): JsonSchema {
  return payload ? classSchema(payload) : {};
}

/**
 * The JSON Schema of what `validate` accepts for a class: derived from its class-validator decorators, with the texts of
 * `@JSONSchema` from class-validator-jsonschema where a member has one.
 */
export function classSchema(type: new () => object): JsonSchema {
  const { properties = {}, required = [] } = targetConstructorToSchema(type);
  return { type: 'object', properties, required, additionalProperties: false };
}
