import { describe, expect, it } from '@jest/globals';
import { IsIn, IsInt, IsOptional, IsString, Matches, MaxLength, Min } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { payloadSchema } from './payload-schema.js';

class Resize {
  @JSONSchema({ description: 'Where the picture is.' })
  @IsString()
  @MaxLength(200)
  url!: string;

  @IsInt()
  @Min(1)
  width!: number;

  @IsOptional()
  @IsIn(['png', 'jpeg'])
  format?: string;
}

class ResizeNamed extends Resize {
  @Matches(/^[a-z]+$/)
  name!: string;
}

describe('payloadSchema', () => {
  it('says what the decorators say', () => {
    expect(payloadSchema({ payload: Resize })).toEqual({
      type: 'object',
      properties: {
        url: { type: 'string', maxLength: 200, description: 'Where the picture is.' },
        width: { type: 'integer', minimum: 1 },
        format: { type: 'string', enum: ['png', 'jpeg'] },
      },
      required: ['url', 'width'],
      additionalProperties: false,
    });
  });

  it('covers what a class inherits', () => {
    const { properties, required } = payloadSchema({ payload: ResizeNamed });

    expect(Object.keys(properties as object).sort()).toEqual(['format', 'name', 'url', 'width']);
    expect(required).toEqual(expect.arrayContaining(['name', 'url', 'width']));
  });

  it('lets anything pass for a type without a payload class', () => {
    expect(payloadSchema({})).toEqual({});
  });
});
