import { describe, expect, it } from '@jest/globals';
import { decode, encode, Unreadable } from './envelope.js';

const id = '0190b3c4-8f2e-7cc1-9d3a-4b5c6d7e8f90';
const body = (envelope: unknown) => Buffer.from(JSON.stringify(envelope));

describe('the envelope', () => {
  it('is a Nest event', () => {
    expect(encode([{ id, priority: 'high' }]).toString()).toBe(`{"pattern":"task.due","data":{"id":"${id}","priority":"high"}}`);
  });

  it('gives back what was put in', () => {
    const announcements = [id, id.replace('0190', '0191')].map((one) => ({ id: one, priority: 'low' as const }));
    expect(decode(encode(announcements.slice(1)), 'low')).toEqual(announcements.slice(1));
    expect(decode(encode(announcements), 'low')).toEqual(announcements);
  });

  it('has the class of the queue it came from, whatever it says itself', () => {
    expect(decode(encode([{ id, priority: 'low' }]), 'high')).toEqual([{ id, priority: 'high' }]);
  });

  it('may carry fields that nobody knows', () => {
    expect(decode(body({ pattern: 'task.due', type: 'x', data: { id, type: 'y' } }), 'normal')).toEqual([
      { id, priority: 'normal' },
    ]);
  });

  it.each([
    ['nothing', Buffer.alloc(0), 'not JSON'],
    ['no object', body(null), 'not a JSON object'],
    ['a foreign pattern', body({ pattern: 'task.gone', data: { id } }), 'pattern'],
    ['a request', body({ pattern: 'task.due', id: '1', data: { id } }), 'request'],
    ['no data', body({ pattern: 'task.due' }), 'no data'],
    ['no UUID', body({ pattern: 'task.due', data: { id: '17' } }), 'UUID'],
    ['an empty list', body({ pattern: 'task.due', data: { ids: [] } }), 'list'],
    ['a list that is too long', body({ pattern: 'task.due', data: { ids: Array(17).fill(id) } }), 'list'],
    ['a list of something else', body({ pattern: 'task.due', data: { ids: [id, 17] } }), 'UUID'],
    ['an unknown class', body({ pattern: 'task.due', data: { id, priority: 'urgent' } }), 'priority'],
    ['a huge body', Buffer.alloc(1024 * 1024, ' '), 'bytes'],
  ])('is unreadable with %s', (_, bytes, reason) => {
    expect(() => decode(bytes, 'normal')).toThrow(Unreadable);
    expect(() => decode(bytes, 'normal')).toThrow(reason);
  });
});
