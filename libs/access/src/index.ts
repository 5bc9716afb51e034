export { ANYBODY, mayType, onlyReads, stranger, type Principal } from './principal.js';
export { ROLES, SCOPES, scopesOfRole, type Role, type Scope } from './scopes.js';
