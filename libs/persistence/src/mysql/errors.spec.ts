import { describe, expect, it } from '@jest/globals';
import { StoreUnavailable } from '@app/tasks';
import { isConflict, isConnectionLost, toDomainError } from './errors.js';

function driverError(properties: object): Error {
  return Object.assign(new Error('as the driver says'), properties);
}

describe('errors of the MySQL driver', () => {
  it.each([
    ['refused connection', { code: 'ECONNREFUSED' }],
    ['unknown host', { code: 'ENOTFOUND' }],
    ['lost connection', { code: 'PROTOCOL_CONNECTION_LOST', fatal: true }],
    ['deadlock that outlasted all tries', { code: 'ER_LOCK_DEADLOCK', errno: 1213 }],
    ['full table', { code: 'ER_RECORD_FILE_FULL', errno: 1114 }],
    ['full disk', { errno: 1021 }],
    ['too many connections', { code: 'ER_CON_COUNT_ERROR', errno: 1040 }],
    ['read-only server', { code: 'ER_OPTION_PREVENTS_STATEMENT', errno: 1290 }],
    ['shutdown', { code: 'ER_SERVER_SHUTDOWN', errno: 1053 }],
    ['killed connection', { errno: 1927 }],
  ])('mean for a %s that the store is unavailable', (_, properties) => {
    const error = driverError(properties);

    expect(toDomainError(error)).toBeInstanceOf(StoreUnavailable);
    expect(toDomainError(error).cause).toBe(error);
  });

  it.each([
    ['duplicate key', { code: 'ER_DUP_ENTRY', errno: 1062 }],
    ['too long value', { code: 'ER_DATA_TOO_LONG', errno: 1406 }],
    ['wrong statement', { code: 'ER_PARSE_ERROR', errno: 1064 }],
    ['mistake in the program', {}],
  ])('stay as they are for a %s', (_, properties) => {
    const error = driverError(properties);

    expect(toDomainError(error)).toBe(error);
  });

  it('tell conflicts from lost connections', () => {
    expect(isConflict(driverError({ errno: 1205 }))).toBe(true);
    expect(isConnectionLost(driverError({ errno: 1205, code: 'ER_LOCK_WAIT_TIMEOUT' }))).toBe(false);
    expect(isConnectionLost(driverError({ code: 'EPIPE' }))).toBe(true);
    expect(isConnectionLost(driverError({ code: 'ER_DUP_ENTRY', errno: 1062 }))).toBe(false);
  });
});
