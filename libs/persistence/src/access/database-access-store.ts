import {
  AccessStore,
  type ApiKey,
  type AuditEntry,
  type AuditLine,
  type Brake,
  type NewApiKey,
  type NewSession,
  type NewUser,
  type SessionLife,
  type User,
  type UserChange,
} from '@app/access';
import type { AccessGiven, AccessResult, AccessWork } from './works.js';

/** Runs a unit of work on a database. */
export type RunAccess = <W extends AccessWork>(work: W, ...given: AccessGiven<W>) => Promise<AccessResult<W>>;

/** Users, sessions, keys and the audit in either database. See {@link AccessStore} for what the methods mean. */
export class DatabaseAccessStore extends AccessStore {
  constructor(private readonly run: RunAccess) {
    super();
  }

  hasAdmin(): Promise<boolean> {
    return this.run('hasAdmin');
  }

  addSetupToken(tokenHash: string): Promise<void> {
    return this.run('addSetupToken', tokenHash);
  }

  hasSetupToken(tokenHash: string): Promise<boolean> {
    return this.run('hasSetupToken', tokenHash);
  }

  makeFirstAdmin(user: NewUser, tokenHash: string | null, entry: AuditEntry) {
    return this.run('makeFirstAdmin', user, tokenHash, entry);
  }

  users(): Promise<User[]> {
    return this.run('users');
  }

  userById(id: string) {
    return this.run('userBy', 'id', id);
  }

  userByName(name: string) {
    return this.run('userBy', 'name', name);
  }

  insertUser(user: NewUser, entry: AuditEntry): Promise<boolean> {
    return this.run('insertUser', user, entry);
  }

  changeUser(id: string, change: UserChange, entry: AuditEntry) {
    return this.run('changeUser', id, change, entry);
  }

  deleteUser(id: string, entry: AuditEntry) {
    return this.run('deleteUser', id, entry);
  }

  attemptLogin(brakes: readonly Brake[]): Promise<number> {
    return this.run('attemptLogin', brakes);
  }

  beginSession(session: NewSession, life: SessionLife, entry: AuditEntry): Promise<void> {
    return this.run('beginSession', session, life, entry);
  }

  userOfSession(tokenHash: string, life: SessionLife): Promise<User | null> {
    return this.run('userOfSession', tokenHash, life);
  }

  touchSession(tokenHash: string): Promise<void> {
    return this.run('touchSession', tokenHash);
  }

  endSession(tokenHash: string, entry: AuditEntry): Promise<void> {
    return this.run('endSession', tokenHash, entry);
  }

  keys(): Promise<ApiKey[]> {
    return this.run('keys');
  }

  keyByHash(keyHash: string): Promise<ApiKey | null> {
    return this.run('keyByHash', keyHash);
  }

  insertKey(key: NewApiKey, entry: AuditEntry): Promise<void> {
    return this.run('insertKey', key, entry);
  }

  deleteKey(id: string, entry: AuditEntry): Promise<boolean> {
    return this.run('deleteKey', id, entry);
  }

  touchKey(id: string): Promise<void> {
    return this.run('touchKey', id);
  }

  note(entries: readonly AuditEntry[]): Promise<void> {
    return this.run('note', entries);
  }

  audit(filter: { actor?: string; action?: string; before?: number }, size: number): Promise<AuditLine[]> {
    return this.run('audit', filter, size);
  }
}
