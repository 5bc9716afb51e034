import { describe, expect, it } from '@jest/globals';
import { version } from 'uuid';
import { newTaskId } from './task-id.js';

describe('newTaskId', () => {
  const ids = Array.from({ length: 5_000 }, newTaskId);

  it('makes UUIDs of version 7', () => {
    expect(new Set(ids.map(version))).toEqual(new Set([7]));
  });

  it('makes each one greater than the one before, also within a millisecond', () => {
    expect(ids).toEqual([...new Set(ids)].sort());
  });
});
