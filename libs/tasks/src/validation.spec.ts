import { describe, expect, it } from '@jest/globals';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { pointerStep, validate } from './validation.js';

class Note {
  @IsString()
  @MaxLength(5)
  text!: string;

  @IsOptional()
  @IsString()
  author?: string;
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

  it.each([null, [], 'text', 7, true])('refuses %j where an object belongs', (json) => {
    expect(validate(Note, json)).toHaveProperty('violations');
  });
});

describe('pointerStep', () => {
  it('escapes what RFC 6901 escapes', () => {
    expect(pointerStep('a~b/c')).toBe('/a~0b~1c');
  });
});
