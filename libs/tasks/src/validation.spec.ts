import { describe, expect, it } from '@jest/globals';
import 'reflect-metadata';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsOptional, IsString, MaxLength, ValidateNested } from 'class-validator';
import { pointerStep, validate } from './validation.js';

class Note {
  @IsString()
  @MaxLength(5)
  text!: string;

  @IsOptional()
  @IsString()
  author?: string;
}

class Book {
  @ValidateNested()
  @Type(() => Note)
  cover!: Note;

  @IsOptional()
  @IsArray({ message: 'must be an array' })
  @ArrayMaxSize(3)
  @ValidateNested({ each: true })
  @Type(() => Note)
  pages?: Note[];
}

function pointersOf(json: unknown): string[] {
  const checked = validate(Book, json, '/payload');
  return 'violations' in checked ? checked.violations.map(({ pointer }) => pointer) : [];
}

describe('validate', () => {
  it('takes a fitting value over as it is', () => {
    const checked = validate(Note, { text: '123' });

    expect(checked).toEqual({ value: { text: '123' } });
  });

  it('converts nothing', () => {
    const checked = validate(Note, { text: 123 });

    expect('violations' in checked && checked.violations).toContainEqual({ pointer: '/text', detail: 'text must be a string' });
  });

  it('names every violation by its JSON pointer', () => {
    const checked = validate(Note, { text: 'too long', 'a/b': 1 }, '/payload');

    expect('violations' in checked && checked.violations.map(({ pointer }) => pointer).sort()).toEqual([
      '/payload/a~1b',
      '/payload/text',
    ]);
  });

  it('takes nested objects and arrays of them as they are', () => {
    const book = { cover: { text: 'a' }, pages: [{ text: 'b', author: 'c' }] };

    expect(validate(Book, book)).toEqual({ value: book });
  });

  it('names what is wrong within nested objects', () => {
    expect(pointersOf({ cover: { text: 1 }, pages: [{ text: 'b' }, { text: 'c', extra: 1 }, {}] })).toEqual([
      '/payload/cover/text',
      '/payload/cover/text',
      '/payload/pages/1/extra',
      '/payload/pages/2/text',
      '/payload/pages/2/text',
    ]);
  });

  it.each([undefined, null, 'text', 7, []])('refuses %j where a nested object belongs', (cover) => {
    expect(pointersOf({ cover })).toEqual(['/payload/cover']);
  });

  it.each(['text', 7, {}, { length: 2, 0: { text: 'a' } }])('refuses %j where an array of objects belongs', (pages) => {
    expect(pointersOf({ cover: { text: 'a' }, pages })).toContain('/payload/pages');
  });

  it.each([null, 7, 'text', [[]]])('refuses %j as an item of such an array', (item) => {
    expect(pointersOf({ cover: { text: 'a' }, pages: [{ text: 'a' }, item] })).toEqual(['/payload/pages/1']);
  });

  it('does not look into an array that is too long, and stops when enough is wrong', () => {
    expect(pointersOf({ cover: { text: 'a' }, pages: new Array(100_000).fill(7) })).toEqual(['/payload/pages']);
  });

  it('wants to know the class of what is nested', () => {
    class Untyped {
      @ValidateNested({ each: true })
      items!: object[];
    }

    expect(() => validate(Untyped, { items: [] })).toThrow('Untyped.items is nested: declare its class with @Type');
  });

  it.each([null, [], 'text', 7, true])('refuses %j where an object belongs', (json) => {
    expect(validate(Note, json)).toHaveProperty('violations');
  });
});

describe('pointerStep', () => {
  it('escapes what RFC 6901 escapes', () => {
    expect(pointerStep('a~b/c')).toBe('/a~0b~1c');
  });
});
