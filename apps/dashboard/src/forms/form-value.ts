import { readJson, writeJson } from '../api/json';
import type { Schema } from '../api/types';

/** How a schema is filled in. */
export type Kind = 'text' | 'long-text' | 'number' | 'flag' | 'choice' | 'list' | 'group' | 'texts' | 'json';

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const LONG = 1_000;

export function kindOf(schema: Schema): Kind {
  if (schema.enum) return 'choice';
  const types = typesOf(schema);
  if (types.includes('array') && schema.items) return schema.items.properties ? 'list' : 'texts';
  if (types.includes('array') && types.includes('string')) return 'texts';
  if (types.includes('number') || types.includes('integer')) return 'number';
  if (types.includes('boolean')) return 'flag';
  if (types.includes('string')) return (schema.maxLength ?? 0) >= LONG ? 'long-text' : 'text';
  return schema.properties ? 'group' : 'json';
}

function typesOf(schema: Schema): string[] {
  const own = [schema.type ?? []].flat();
  return own.length > 0 ? own : [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap(typesOf);
}

/** What a form begins with. */
export function emptyValue(schema: Schema): unknown {
  if (schema.default !== undefined) return kindOf(schema) === 'number' ? textOf(schema.default) : schema.default;
  switch (kindOf(schema)) {
    case 'group':
      return Object.fromEntries(Object.entries(schema.properties!).map(([name, member]) => [name, emptyValue(member)]));
    case 'list':
      return (schema.minItems ?? 0) > 0 ? [emptyValue(schema.items!)] : [];
    case 'flag':
      return undefined;
    default:
      return '';
  }
}

/**
 * What was typed, as the payload that it means. Nothing typed is left out. What does not fit goes as it is: the API says what is wrong,
 * and where.
 */
export function toPayload(schema: Schema, value: unknown): unknown {
  if (value === undefined || value === '') return undefined;
  switch (kindOf(schema)) {
    case 'number':
      return toNumber(schema, value);
    case 'texts':
      return toTexts(schema, value);
    case 'list':
      return (value as unknown[]).map((item) => toPayload(schema.items!, item) ?? {});
    case 'json':
      return typeof value === 'string' ? toJson(value) : value;
    case 'group': {
      const members = Object.entries(schema.properties!).map(([name, member]) => [
        name,
        toPayload(member, (value as Record<string, unknown>)[name]),
      ]);
      return Object.fromEntries(members.filter(([, member]) => member !== undefined));
    }
    default:
      return value;
  }
}

/** A payload as a form shows it, to change and submit it again. */
export function fromPayload(schema: Schema, payload: unknown): unknown {
  if (payload === undefined || payload === null) return emptyValue(schema);
  switch (kindOf(schema)) {
    case 'number':
      return textOf(payload);
    case 'texts':
      return [payload].flat().map(textOf).join('\n');
    case 'list':
      return Array.isArray(payload) ? payload.map((item) => fromPayload(schema.items!, item)) : [];
    case 'group': {
      const given = payload as Record<string, unknown>;
      return Object.fromEntries(
        Object.entries(schema.properties!).map(([name, member]) => [name, fromPayload(member, given[name])]),
      );
    }
    default:
      return payload;
  }
}

/** What a double cannot hold goes as text, where a text may stand. */
function toNumber(schema: Schema, value: unknown): unknown {
  const text = textOf(value).trim();
  const mayBeText = typesOf(schema).includes('string');
  if (!NUMBER.test(text)) return mayBeText ? text : value;
  const number = readJson(text);
  return mayBeText && typeof number !== 'number' ? text : number;
}

/** One a line; a single one where one may stand for itself. */
function toTexts(schema: Schema, value: unknown): unknown {
  const lines = textOf(value)
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  return lines.length === 1 && typesOf(schema).includes('string') ? lines[0] : lines;
}

/** A text that is no JSON is itself. */
function toJson(text: string): unknown {
  try {
    return readJson(text);
  } catch {
    return text;
  }
}

/** A value as it stands in a control. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return '';
  return writeJson(value);
}
