import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { StoreUnavailable } from '@app/tasks';
import type { AccessStore } from './access-store.js';
import { newSecret, secretHash } from './api-key-text.js';
import { entryOf } from './entry.js';
import { AccessConflict, SetupRefused } from './errors.js';
import type { Passwords } from './passwords.js';

/** Open: everybody may do everything. Setup: nobody may do anything before there is an admin. */
export type LockState = 'open' | 'setup' | 'locked';

export interface LockTerms {
  /** True if it may not be open: it can be reached from elsewhere, or somebody asked for it. */
  mustLock: boolean;
  /** The first admin's; empty for a setup link. */
  adminPassword: string;
  /** Where the setup link leads to, without its token. */
  setupUrl: string;
}

/** The first admin's name, where nobody has chosen one. */
const FIRST_ADMIN = 'admin';
const SYSTEM = { kind: 'system', id: null, name: null } as const;
/** How long a process that waits for its setup goes without looking whether another one was set up. */
const LOOK_AGAIN_MS = 1_000;
const PAUSE_MS = 250;

/** Knows whether this Taskwell is locked: it is as soon as it has an admin, and it has one before it can be reached from elsewhere. */
export class Lock {
  private readonly logger = new Logger('Access');
  private state: LockState | null = null;
  private lookedAt = -Infinity;
  private looking: Promise<LockState> | null = null;
  private linkGiven = false;

  constructor(
    private readonly store: AccessStore,
    private readonly passwords: Passwords,
    private readonly terms: LockTerms,
  ) {}

  /** At once if it is known. Rejects with StoreUnavailable while the database does not tell. */
  get(): LockState | Promise<LockState> {
    if (this.state === 'open' || this.state === 'locked') return this.state;
    if (this.state === 'setup' && performance.now() - this.lookedAt < LOOK_AGAIN_MS) return this.state;
    this.looking ??= this.look().finally(() => (this.looking = null));
    return this.looking;
  }

  /** Finds out what it is as soon as the database tells, so that a setup link is there before somebody asks. */
  async prepare(): Promise<void> {
    for (;;) {
      try {
        const state = await this.get();
        if (state === 'open') this.logger.warn('Everything is open to whoever reaches this address. ADMIN_PASSWORD locks it.');
        return;
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) return this.logger.error(error);
        await delay(PAUSE_MS, undefined, { ref: false });
      }
    }
  }

  /** Admins have changed in this process. */
  forget(): void {
    this.state = null;
  }

  /** @throws Error unless an admin is seen in time */
  async demandAdmin(withinMs: number): Promise<void> {
    const deadline = performance.now() + withinMs;
    for (;;) {
      try {
        if (this.terms.adminPassword !== '' || (await this.store.hasAdmin())) return;
        throw new Error('There is no admin yet, and NODE_ENV is production: set ADMIN_PASSWORD or ADMIN_PASSWORD_FILE.');
      } catch (error) {
        if (!(error instanceof StoreUnavailable) || performance.now() > deadline) throw error;
        await delay(PAUSE_MS);
      }
    }
  }

  /** Makes the first admin for whoever has the setup link. @throws SetupRefused, AccessConflict */
  async setUp({ token, name, password }: { token: string; name: string; password: string }): Promise<void> {
    const hash = secretHash(token);
    const user = { id: randomUUID(), name: name.toLowerCase(), role: 'admin' as const, passwordHash: '' };
    // Before the hash, which is slow: strangers have no token.
    if (!(await this.store.hasSetupToken(hash))) throw new SetupRefused();
    user.passwordHash = await this.passwords.hash(password);
    const made = await this.store.makeFirstAdmin(
      user,
      hash,
      entryOf(SYSTEM, 'user.setup', user.id, { name: user.name, by: 'setup link' }),
    );
    if (made === 'taken') throw new AccessConflict('name_taken');
    if (made !== 'made') throw new SetupRefused();
    this.forget();
  }

  private async look(): Promise<LockState> {
    const state = await this.find();
    this.lookedAt = performance.now();
    this.state = state;
    return state;
  }

  private async find(): Promise<LockState> {
    if (await this.store.hasAdmin()) return 'locked';
    if (!this.terms.mustLock) return 'open';
    if (this.terms.adminPassword === '') {
      await this.giveLink();
      return 'setup';
    }
    const id = randomUUID();
    const user = {
      id,
      name: FIRST_ADMIN,
      role: 'admin' as const,
      passwordHash: await this.passwords.hash(this.terms.adminPassword),
    };
    const made = await this.store.makeFirstAdmin(
      user,
      null,
      entryOf(SYSTEM, 'user.setup', id, { name: user.name, by: 'ADMIN_PASSWORD' }),
    );
    if (made === 'taken') throw new Error(`There is a user "${FIRST_ADMIN}" who is no admin: ADMIN_PASSWORD cannot make one.`);
    if (made === 'made') this.logger.log(`The user "${FIRST_ADMIN}" was made, with the password of ADMIN_PASSWORD.`);
    return 'locked';
  }

  private async giveLink(): Promise<void> {
    if (this.linkGiven) return;
    const token = newSecret();
    await this.store.addSetupToken(secretHash(token));
    this.linkGiven = true;
    this.logger.warn('There is no admin yet, and everything is locked. Make one within a day by the setup link:');
    // Not by the logger, which lets no token pass.
    process.stdout.write(`${this.terms.setupUrl}#token=${token}\n`);
  }
}
