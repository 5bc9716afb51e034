export { AccessModule } from './access.module.js';
export {
  AccessStore,
  type ApiKey,
  type Brake,
  type NewApiKey,
  type NewSession,
  type NewUser,
  type SessionLife,
  type User,
  type UserChange,
} from './access-store.js';
export { NO_HASH, hashOf, nextLine, type Actor, type AuditEntry, type AuditLine } from './audit.js';
export { AuditCheck } from './audit-check.js';
export { Auditor } from './auditor.js';
export { brakeMs } from './brakes.js';
export { actorOf, entryOf } from './entry.js';
export { TooMany, WrongLogin } from './errors.js';
export { Keyring, type KeyWish } from './keyring.js';
export { Lock, type LockState } from './lock.js';
export { ANYBODY, mayType, onlyReads, stranger, type Principal } from './principal.js';
export { RateLimits, type Quota } from './rate-limits.js';
export { ROLES, SCOPES, scopesOfRole, type Role, type Scope } from './scopes.js';
export { Sessions } from './sessions.js';
export { PASSWORD, isUserName } from './user-name.js';
export { Users, type UserWish } from './users.js';
