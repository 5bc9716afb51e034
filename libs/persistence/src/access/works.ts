import { audit, note } from './audit.js';
import { deleteKey, insertKey, keyByHash, keys, touchKey } from './keys.js';
import { attemptLogin, beginSession, endSession, touchSession, userOfSession } from './sessions.js';
import {
  addSetupToken,
  changeUser,
  deleteUser,
  hasAdmin,
  hasSetupToken,
  insertUser,
  makeFirstAdmin,
  userBy,
  users,
} from './users.js';
import type { Work } from '../shared/work.js';

/** Units of work that only read. */
export const ACCESS_READS = { hasAdmin, hasSetupToken, users, userBy, userOfSession, keys, keyByHash, audit };

/** Units of work that write, each as a whole or not at all. */
export const ACCESS_WRITES = {
  addSetupToken,
  makeFirstAdmin,
  insertUser,
  changeUser,
  deleteUser,
  attemptLogin,
  beginSession,
  touchSession,
  endSession,
  insertKey,
  deleteKey,
  touchKey,
  note,
};

const WORKS = { ...ACCESS_READS, ...ACCESS_WRITES };
type Works = typeof WORKS;

export type AccessWork = keyof Works;
export type AccessGiven<W extends AccessWork> = Works[W] extends (now: Date, ...given: infer G) => unknown ? G : never;
export type AccessResult<W extends AccessWork> = ReturnType<Works[W]> extends Work<infer R> ? R : never;

/** Begins a unit of work by its name. */
export function accessWork(name: AccessWork, now: Date, given: readonly unknown[]): Work<unknown> {
  return (WORKS[name] as (now: Date, ...given: readonly unknown[]) => Work<unknown>)(now, ...given);
}
