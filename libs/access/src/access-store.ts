import type { AuditEntry, AuditLine } from './audit.js';
import type { Role, Scope } from './scopes.js';

/** Somebody who logs in. */
export interface User {
  id: string;
  /** In lower case. */
  name: string;
  role: Role;
  disabled: boolean;
  createdAt: Date;
}

export interface NewUser {
  id: string;
  name: string;
  role: Role;
  passwordHash: string;
}

export type UserChange = Partial<Pick<User, 'role' | 'disabled'> & Pick<NewUser, 'passwordHash'>>;

/** A key of the API, without the key itself. */
export interface ApiKey {
  id: string;
  name: string;
  /** The beginning of the key, by which its holder knows it. */
  prefix: string;
  scopes: readonly Scope[];
  /** The only types of tasks that it may deal with; null for all. */
  types: readonly string[] | null;
  expiresAt: Date | null;
  /** Requests a minute; null for what the settings say. */
  rateLimit: number | null;
  createdAt: Date;
  /** To the minute; null before the first use. */
  lastUsedAt: Date | null;
}

export type NewApiKey = Omit<ApiKey, 'createdAt' | 'lastUsedAt'> & { keyHash: string };

/** How failures of one kind slow further attempts down: so many are free, then the wait doubles from a second up to the longest. */
export interface Brake {
  /** A hash of whom or what it slows down. */
  subject: string;
  free: number;
  longestMs: number;
  /** Does not hold where this subject has a mark. */
  exceptMarked?: string;
}

export interface NewSession {
  tokenHash: string;
  userId: string;
  /** A session that this one takes the place of. */
  insteadOf: string | null;
  /** Brakes to release, and one to lift by one failure. */
  release: readonly string[];
  lift: string | null;
  /** To be marked: see {@link Brake}. */
  mark: string | null;
}

/** How long a session lives: since it was last seen, and in all. */
export interface SessionLife {
  idleMs: number;
  wholeMs: number;
}

/** Keeps users, sessions, keys and the audit. What takes an entry writes it in the same transaction. All methods may reject with StoreUnavailable. */
export abstract class AccessStore {
  abstract hasAdmin(): Promise<boolean>;
  /** Remembers a setup link by the hash of its token. */
  abstract addSetupToken(tokenHash: string): Promise<void>;
  /** True if it is the hash of a setup link of the last day. */
  abstract hasSetupToken(tokenHash: string): Promise<boolean>;
  /** Makes the first admin, once: `done` if there is one. With a token: `unknown` unless it is one of a setup link of the last day. */
  abstract makeFirstAdmin(
    user: NewUser,
    tokenHash: string | null,
    entry: AuditEntry,
  ): Promise<'made' | 'done' | 'unknown' | 'taken'>;

  /** By name. */
  abstract users(): Promise<User[]>;
  abstract userById(id: string): Promise<(User & { passwordHash: string }) | null>;
  abstract userByName(name: string): Promise<(User & { passwordHash: string }) | null>;
  /** False if the name is taken. */
  abstract insertUser(user: NewUser, entry: AuditEntry): Promise<boolean>;
  /** Ends the user's sessions if password or `disabled` change. */
  abstract changeUser(id: string, change: UserChange, entry: AuditEntry): Promise<'changed' | 'missing' | 'last_admin'>;
  abstract deleteUser(id: string, entry: AuditEntry): Promise<'changed' | 'missing' | 'last_admin'>;

  /** Takes an attempt to log in for failed until it has succeeded. Answers the milliseconds to wait instead, if a brake holds. */
  abstract attemptLogin(brakes: readonly Brake[]): Promise<number>;
  abstract beginSession(session: NewSession, life: SessionLife, entry: AuditEntry): Promise<void>;
  /** The user of a session that holds. */
  abstract userOfSession(tokenHash: string, life: SessionLife): Promise<User | null>;
  abstract touchSession(tokenHash: string): Promise<void>;
  abstract endSession(tokenHash: string, entry: AuditEntry): Promise<void>;

  /** Newest first. */
  abstract keys(): Promise<ApiKey[]>;
  /** The key with this hash, unless it has expired. */
  abstract keyByHash(keyHash: string): Promise<ApiKey | null>;
  abstract insertKey(key: NewApiKey, entry: AuditEntry): Promise<void>;
  /** False if there is none. */
  abstract deleteKey(id: string, entry: AuditEntry): Promise<boolean>;
  abstract touchKey(id: string): Promise<void>;

  /** Adds lines to the audit, together. */
  abstract note(entries: readonly AuditEntry[]): Promise<void>;
  /** Newest first, older than `before`. */
  abstract audit(filter: { actor?: string; action?: string; before?: number }, size: number): Promise<AuditLine[]>;
}
