import { SCOPES, type Role, type Scope } from './scopes.js';

/** On whose behalf a request is made. */
export interface Principal {
  kind: 'user' | 'key' | 'anonymous';
  /** Of the user or the key; null for a request without either. */
  id: string | null;
  name: string | null;
  /** Of a user only. */
  role: Role | null;
  scopes: readonly Scope[];
  /** The only types of tasks that it may deal with; null for all. */
  types: readonly string[] | null;
  /** Requests a minute that its key may make; null for what the settings say. */
  rateLimit: number | null;
}

/** Whoever reaches a Taskwell that is open. */
export const ANYBODY: Principal = {
  kind: 'anonymous',
  id: null,
  name: null,
  role: null,
  scopes: SCOPES,
  types: null,
  rateLimit: null,
};

/** A request without key or session where these are asked for. */
export function stranger(scopes: readonly Scope[]): Principal {
  return { ...ANYBODY, scopes };
}

/** True if it may deal with tasks of this type. */
export function mayType({ types }: Principal, type: string): boolean {
  return types === null || types.includes(type);
}

/** True if it may look at tasks and do nothing with them: what REDACT names is then hidden from it. */
export function onlyReads({ scopes }: Principal): boolean {
  return !scopes.includes('tasks:act') && !scopes.includes('tasks:submit') && !scopes.includes('admin');
}
