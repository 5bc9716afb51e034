import { describe, expect, it } from '@jest/globals';
import { plainLine } from './logger.js';

const line = (fields: object) => JSON.stringify({ level: 30, time: '2026-01-23T04:17:34.000Z', ...fields });

describe('plainLine', () => {
  it('says when, what part and what', () => {
    expect(plainLine(line({ context: 'Taskwell', msg: 'up' }))).toBe('04:17:34 Taskwell: up\n');
  });

  it('marks warnings and errors, and shows the stack', () => {
    expect(plainLine(line({ level: 40, msg: 'slow' }))).toBe('04:17:34 WARN slow\n');
    expect(plainLine(line({ level: 50, msg: 'bad', stack: 'Error: bad\n  at x' }))).toBe(
      '04:17:34 ERROR bad\nError: bad\n  at x\n',
    );
  });

  it('lets nobody steer the terminal through a logged text', () => {
    expect(plainLine(line({ msg: 'type \u001b[2J \u202egnp' }))).toBe('04:17:34 type \\u001b[2J \\u202egnp\n');
  });
});
