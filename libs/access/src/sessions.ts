import type { AccessStore, NewSession, SessionLife, User } from './access-store.js';
import { newSecret, secretHash } from './api-key-text.js';
import { loginBrakes, type LoginBrakes } from './brakes.js';
import { actorOf, entryOf } from './entry.js';
import { TooMany, WrongLogin } from './errors.js';
import type { Passwords } from './passwords.js';
import type { Principal } from './principal.js';
import { Recent } from './recent.js';
import { scopesOfRole } from './scopes.js';
import { isUserName } from './user-name.js';

/** A session that was ended elsewhere is refused after this. */
const SESSION_KEPT_MS = 3_000;
const MOST_KEPT = 10_000;
const TOUCH_EVERY_MS = 60_000;
const MOST_REFUSED = 10_000;

const NOBODY = { kind: 'anonymous', id: null, name: null } as const;
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

interface Login {
  name: string;
  password: string;
  /** Where the attempt comes from. */
  address: string;
  /** The session that the client has now, which ends. */
  token: string | null;
}

/** Logs users in and out, and knows them by their session's token. */
export class Sessions {
  private readonly recent = new Recent<Principal>((hash) => this.look(hash), SESSION_KEPT_MS, MOST_KEPT);
  private readonly touchedAt = new Map<string, number>();
  /** Until when attempts are refused without asking the database. */
  private readonly refusedUntil = new Map<string, number>();

  constructor(
    private readonly store: AccessStore,
    private readonly passwords: Passwords,
    private readonly life: SessionLife,
  ) {}

  /** The user whose session it is; null if it holds no more. At once if it was asked for a moment ago. */
  find(token: string): Principal | null | Promise<Principal | null> {
    return TOKEN.test(token) ? this.recent.get(secretHash(token)) : null;
  }

  /** Begins a session, always a new one. @throws WrongLogin, TooMany */
  async begin(login: Login): Promise<{ token: string; principal: Principal }> {
    const { user, brakes } = await this.prove(login);
    const replaced = {
      insteadOf: login.token === null ? null : secretHash(login.token),
      release: [brakes.pair, brakes.account],
      lift: brakes.address,
      mark: brakes.known,
    };
    return this.start(user, replaced, { address: login.address });
  }

  /** The user who has this password. @throws WrongLogin, TooMany */
  async prove({ name, password, address }: Omit<Login, 'token'>): Promise<{ user: User; brakes: LoginBrakes }> {
    const known = name.toLowerCase();
    const brakes = loginBrakes(known, address);
    await this.brake(brakes);
    const user = isUserName(known) ? await this.store.userByName(known) : null;
    const fits = await this.passwords.fits(password, user?.passwordHash ?? null);
    if (user && fits && !user.disabled) return { user, brakes };
    const detail = { name: known.slice(0, 64).toWellFormed(), address };
    await this.store.note([entryOf(NOBODY, 'session.refuse', user?.id ?? null, detail)]);
    throw new WrongLogin();
  }

  /** A new session for a user who has just shown who they are in another way. */
  async start(
    user: User,
    replaced: Omit<NewSession, 'tokenHash' | 'userId'>,
    detail: object,
  ): Promise<{ token: string; principal: Principal }> {
    const token = newSecret();
    const principal = principalOf(user);
    const entry = entryOf(actorOf(principal), 'session.begin', user.id, detail);
    await this.store.beginSession({ ...replaced, tokenHash: secretHash(token), userId: user.id }, this.life, entry);
    this.recent.forget();
    return { token, principal };
  }

  async end(token: string, principal: Principal): Promise<void> {
    await this.store.endSession(secretHash(token), entryOf(actorOf(principal), 'session.end', principal.id));
    this.recent.forget();
  }

  /** Users or sessions have changed in this process. */
  forget(): void {
    this.recent.forget();
  }

  private async brake({ all, pair }: LoginBrakes): Promise<void> {
    const refused = this.refusedUntil.get(pair) ?? 0;
    const waitMs = refused > Date.now() ? refused - Date.now() : await this.store.attemptLogin(all);
    if (waitMs <= 0) return;
    this.refusedUntil.delete(pair);
    this.refusedUntil.set(pair, Date.now() + waitMs);
    if (this.refusedUntil.size > MOST_REFUSED) this.refusedUntil.delete(this.refusedUntil.keys().next().value!);
    throw new TooMany('Too many failed logins. Try again later.', Math.ceil(waitMs / 1_000));
  }

  private async look(hash: string): Promise<Principal | null> {
    const user = await this.store.userOfSession(hash, this.life);
    if (!user) return null;
    const now = performance.now();
    if (now - (this.touchedAt.get(hash) ?? -Infinity) >= TOUCH_EVERY_MS) {
      if (this.touchedAt.size > MOST_KEPT) this.touchedAt.clear();
      this.touchedAt.set(hash, now);
      this.store.touchSession(hash).catch(() => this.touchedAt.delete(hash));
    }
    return principalOf(user);
  }
}

function principalOf({ id, name, role }: User): Principal {
  return { kind: 'user', id, name, role, scopes: scopesOfRole(role), types: null, rateLimit: null };
}
