import { randomUUID } from 'node:crypto';
import type { AccessStore, User, UserChange } from './access-store.js';
import type { Actor } from './audit.js';
import { actorOf, entryOf } from './entry.js';
import { AccessConflict, AccessNotFound } from './errors.js';
import type { Passwords } from './passwords.js';
import type { Principal } from './principal.js';
import type { Role } from './scopes.js';
import type { Sessions } from './sessions.js';

export interface UserWish {
  role?: Role;
  disabled?: boolean;
  password?: string;
}

/** Makes, changes and deletes users. The last admin stays. */
export class Users {
  constructor(
    private readonly store: AccessStore,
    private readonly passwords: Passwords,
    private readonly sessions: Sessions,
  ) {}

  list(): Promise<User[]> {
    return this.store.users();
  }

  /** @throws AccessConflict if the name is taken */
  async make({ name, role, password }: { name: string; role: Role; password: string }, actor: Actor): Promise<User> {
    const user = { id: randomUUID(), name: name.toLowerCase(), role, passwordHash: await this.passwords.hash(password) };
    const made = await this.store.insertUser(user, entryOf(actor, 'user.create', user.id, { name: user.name, role }));
    if (!made) throw new AccessConflict('name_taken');
    return this.find(user.id);
  }

  /** A new password, or being disabled, ends the user's sessions. @throws AccessNotFound, AccessConflict */
  async change(id: string, { role, disabled, password }: UserWish, actor: Actor): Promise<User> {
    const change: UserChange = { role, disabled, passwordHash: password && (await this.passwords.hash(password)) };
    const detail = { role, disabled, password: password === undefined ? undefined : 'changed' };
    this.expect(await this.store.changeUser(id, change, entryOf(actor, 'user.change', id, detail)));
    return this.find(id);
  }

  /** @throws AccessNotFound, AccessConflict */
  async delete(id: string, actor: Actor): Promise<void> {
    this.expect(await this.store.deleteUser(id, entryOf(actor, 'user.delete', id)));
  }

  /** The user's own change, which ends all of their sessions and begins a new one. @throws WrongLogin, TooMany */
  async changeOwnPassword(
    principal: Principal,
    { password, next, address }: { password: string; next: string; address: string },
  ): Promise<{ token: string; principal: Principal }> {
    const { user } = await this.sessions.prove({ name: principal.name!, password, address });
    await this.change(user.id, { password: next }, actorOf(principal));
    return this.sessions.start(user, { insteadOf: null, release: [], lift: null, mark: null }, { address });
  }

  private async find(id: string): Promise<User> {
    const user = await this.store.userById(id);
    if (!user) throw new AccessNotFound('user_not_found');
    return user;
  }

  private expect(outcome: 'changed' | 'missing' | 'last_admin'): void {
    if (outcome === 'missing') throw new AccessNotFound('user_not_found');
    if (outcome === 'last_admin') throw new AccessConflict('last_admin');
    this.sessions.forget();
  }
}
