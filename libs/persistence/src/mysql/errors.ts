import { StoreUnavailable } from '@app/tasks';

interface DriverError extends Error {
  code?: string;
  errno?: number;
  fatal?: boolean;
}

/** Another transaction was in the way; the same work may succeed at once. By number: mysql2 names MariaDB's errors wrongly. */
const LOCK_TIMEOUT = 1205;
const CONFLICTS = new Set([
  LOCK_TIMEOUT, // lock wait timeout: only the statement is undone, so the caller must roll back
  1213, // deadlock
]);

const CROWDED = new Set([
  1040, // too many connections
  1203, // too many user connections
  1226, // too many connections of this user
]);

/** The server refuses for a reason that is not in the statement. */
const REFUSALS = new Set([
  28, // no space left on device
  1021, // disk full
  1028, // sort aborted
  ...CROWDED,
  1041, // out of resources
  1044, // access to the database denied
  1045, // access denied
  1049, // unknown database
  1053, // server shutdown in progress
  1114, // the table is full
  1129, // host is blocked
  1152, // aborted connection
  1290, // read-only, by an option
  1317, // query execution was interrupted
  1792, // read-only transaction
  1836, // read-only mode
  1927, // connection was killed
  3024, // statement timeout
  4031, // disconnected for inactivity
]);

/** True for a deadlock or a lock that was not given in time. */
export function isConflict(error: unknown): boolean {
  return CONFLICTS.has((error as DriverError).errno ?? 0);
}

/** True for a lock that was not given in time. */
export function isLockTimeout(error: unknown): boolean {
  return (error as DriverError).errno === LOCK_TIMEOUT;
}

/** True if the server has no connection left; one may become free at any moment. */
export function isCrowded(error: unknown): boolean {
  return CROWDED.has((error as DriverError).errno ?? 0);
}

/** Of the refusals, those that end the use of a connection. A server that became read-only is no longer the primary. */
const PARTINGS = new Set([1053, 1290, 1836, 1927, 4031]);

/** True if the connection is of no more use. */
export function isConnectionLost(error: unknown): boolean {
  const { fatal, errno, code } = error as DriverError;
  return fatal === true || PARTINGS.has(errno ?? 0) || isNetworkCode(code);
}

/** What the domain is told about an error of the driver. */
export function toDomainError(error: unknown): Error {
  const { errno, message } = error as DriverError;
  if (isConflict(error) || isConnectionLost(error) || REFUSALS.has(errno ?? 0)) {
    return new StoreUnavailable(`The database: ${message}`, { cause: error });
  }
  return error as Error;
}

function isNetworkCode(code: string | undefined): boolean {
  return code !== undefined && /^(E[A-Z]+|PROTOCOL_(CONNECTION_LOST|SEQUENCE_TIMEOUT|ENQUEUE_.*))$/.test(code);
}
