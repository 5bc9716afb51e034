import { describe, expect, it } from '@jest/globals';
import { writeJson } from '../api/json';
import type { Schema } from '../api/types';
import { emptyValue, fromPayload, kindOf, toPayload } from './form-value';

const calculations: Schema = {
  type: 'object',
  properties: {
    items: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        properties: {
          name: { type: 'string' },
          num_1: { type: ['number', 'string'] },
          operation: { type: 'string', enum: ['+', '-'] },
          places: { type: 'integer' },
        },
      },
    },
  },
};

const mail: Schema = {
  type: 'object',
  properties: {
    to: { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] },
    text: { type: 'string', maxLength: 200_000 },
    body: {},
  },
};

describe('toPayload', () => {
  it('makes numbers of what was typed, and texts where a digit would be lost', () => {
    const value = { items: [{ name: 'a', num_1: '12345678901234567890.5', operation: '+', places: '2' }] };

    expect(writeJson(toPayload(calculations, value))).toBe(
      '{"items":[{"name":"a","num_1":"12345678901234567890.5","operation":"+","places":2}]}',
    );
  });

  it('leaves out what was left empty, and lets what does not fit through for the API to judge', () => {
    expect(toPayload(calculations, { items: [{ name: '', num_1: '', operation: '', places: 'two' }] })).toEqual({
      items: [{ places: 'two' }],
    });
  });

  it('makes one address or several of lines', () => {
    expect(toPayload(mail, { to: 'a@x.org', text: '', body: '' })).toEqual({ to: 'a@x.org' });
    expect(toPayload(mail, { to: 'a@x.org\n b@x.org\n' })).toEqual({ to: ['a@x.org', 'b@x.org'] });
  });

  it('takes any JSON where anything may stand', () => {
    expect(toPayload(mail, { body: '{"a":[1]}' })).toEqual({ body: { a: [1] } });
    expect(toPayload(mail, { body: 'plain' })).toEqual({ body: 'plain' });
  });
});

describe('fromPayload', () => {
  it('is undone by toPayload', () => {
    const payload = { items: [{ name: 'a', num_1: 1.5, operation: '-', places: 0 }] };

    expect(toPayload(calculations, fromPayload(calculations, payload))).toEqual(payload);
  });
});

describe('emptyValue', () => {
  it('has one item where one is needed', () => {
    expect(emptyValue(calculations)).toEqual({ items: [{ name: '', num_1: '', operation: '', places: '' }] });
  });
});

describe('kindOf', () => {
  it('gives long texts room', () => {
    expect([kindOf(mail.properties!.text!), kindOf({ type: 'string', maxLength: 9 }), kindOf({})]).toEqual([
      'long-text',
      'text',
      'json',
    ]);
  });
});
