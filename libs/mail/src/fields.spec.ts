import { describe, expect, it } from '@jest/globals';
import { classSchema, validate } from '@app/tasks';
import { IsAddress, IsAddresses, IsSubject, listOf } from './fields.js';

class Form {
  @IsAddresses('Who gets it.')
  to!: string | string[];

  @IsAddress()
  reply_to!: string;

  @IsSubject()
  subject!: string;
}

const fitting = { to: 'ada@example.com', reply_to: 'bob@example.com', subject: 'Grüße' };

function pointersOf(given: object): string[] {
  const checked = validate(Form, { ...fitting, ...given });
  return 'violations' in checked ? checked.violations.map(({ pointer }) => pointer) : [];
}

describe('the fields of a mail', () => {
  it('take one address or several', () => {
    expect(pointersOf({})).toEqual([]);
    expect(pointersOf({ to: ['ada@example.com', 'jürgen@bücher.example'] })).toEqual([]);
    expect(listOf(['a@b.de', 'a@b.de'])).toEqual(['a@b.de']);
  });

  it.each([
    'ada',
    '',
    [],
    7,
    ['ada@example.com', 'bob'],
    Array(51).fill('ada@example.com'),
    'a@example.com, b@example.com',
    'Ada <ada@example.com>',
    'a@example.com\r\nBcc: b@example.com',
    'a@example.com\n',
    '"a\r\nb"@example.com',
  ])('refuse the address %j', (address) => {
    expect(pointersOf({ to: address })).toEqual(['/to']);
    if (typeof address === 'string') expect(pointersOf({ reply_to: address })).toEqual(['/reply_to']);
  });

  it.each(['a\r\nBcc: b@example.com', 'a\nb', 'a\rb', 'a\u2028b', 'a\u0000b', 'a\u202eb', '', 'x'.repeat(256), 7])(
    'refuse the subject %j',
    (subject) => {
      expect(pointersOf({ subject })).toEqual(['/subject']);
    },
  );

  it('are in the schema', () => {
    expect(classSchema(Form)).toMatchObject({
      properties: {
        to: { description: 'Who gets it.', oneOf: [{ format: 'email' }, { type: 'array' }] },
        reply_to: { format: 'email' },
      },
      required: ['to', 'reply_to', 'subject'],
    });
  });
});
