import { describe, expect, it } from '@jest/globals';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { payloadSchema, resultSchema } from './payload-schema.js';

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

class Album {
  @IsArray()
  @ArrayMaxSize(9)
  @ValidateNested({ each: true })
  @Type(() => ResizeNamed)
  pictures!: ResizeNamed[];

  @ValidateNested()
  @Type(() => ResizeNamed)
  cover!: ResizeNamed;
}

describe('resultSchema', () => {
  it('describes the result class, or lets anything pass', () => {
    expect(resultSchema({ result: ResizeNamed })).toMatchObject({ type: 'object', additionalProperties: false });
    expect(resultSchema({})).toEqual({});
  });
});

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

  it('holds the schemas of nested classes', () => {
    const named = payloadSchema({ payload: ResizeNamed });

    expect(payloadSchema({ payload: Album })).toMatchObject({
      properties: { pictures: { type: 'array', maxItems: 9, items: named }, cover: named },
      required: ['pictures', 'cover'],
    });
  });

  it('lets anything pass for a type without a payload class', () => {
    expect(payloadSchema({})).toEqual({});
  });
});
