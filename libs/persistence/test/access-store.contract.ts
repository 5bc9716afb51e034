import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { NO_HASH, entryOf, hashOf, type AccessStore, type AuditLine, type Brake, type NewUser } from '@app/access';
import { eventually } from '../../../test/support/eventually.js';

/** A store with an empty database, and how to be rid of both. */
interface OpenedStores {
  store: { access: AccessStore; ping(): Promise<void> };
  close(): Promise<void>;
}

const LIFE = { idleMs: 60_000, wholeMs: 120_000 };
const actor = { kind: 'system', id: null, name: null } as const;
const hash = () => randomUUID().replaceAll('-', '').repeat(2);
const newUser = (change: Partial<NewUser> = {}): NewUser => {
  const id = randomUUID();
  return { id, name: `user-${id}`, role: 'viewer', passwordHash: 'x', ...change };
};
const made = ({ id }: { id: string }) => entryOf(actor, 'user.create', id);
const session = (userId: string) => ({ tokenHash: hash(), userId, insteadOf: null, release: [], lift: null, mark: null });

/** What every store must do about users, sessions, keys and the audit. */
export function describeAccessStore(name: string, open: () => Promise<OpenedStores>): void {
  describe(`Access on ${name}`, () => {
    let opened: OpenedStores;
    let store: AccessStore;

    beforeAll(async () => {
      opened = await open();
      store = opened.store.access;
      await eventually('the store answers', () => opened.store.ping().then(() => true));
    }, 30_000);
    afterAll(() => opened.close());

    async function auditOldestFirst(): Promise<AuditLine[]> {
      return (await store.audit({}, 10_000)).reverse();
    }

    it('is set up once, whoever tries at the same time', async () => {
      expect(await store.hasAdmin()).toBe(false);
      const tokens = [hash(), hash()] as const;
      await Promise.all(tokens.map((token) => store.addSetupToken(token)));
      const admins = Array.from({ length: 6 }, () => newUser({ role: 'admin' }));

      expect(await store.makeFirstAdmin(newUser({ role: 'admin' }), hash(), made({ id: 'x' }))).toBe('unknown');
      const outcomes = await Promise.all(
        admins.map((user, index) => store.makeFirstAdmin(user, index % 3 === 0 ? null : tokens[index % 2]!, made(user))),
      );

      expect(outcomes.toSorted()).toEqual(['done', 'done', 'done', 'done', 'done', 'made']);
      expect(await store.hasAdmin()).toBe(true);
      expect(await store.users()).toHaveLength(1);
      expect(await store.hasSetupToken(tokens[0])).toBe(false);
    });

    it('keeps the last admin', async () => {
      const [admin] = await store.users();

      expect(await store.changeUser(admin!.id, { role: 'viewer' }, made(admin!))).toBe('last_admin');
      expect(await store.changeUser(admin!.id, { disabled: true }, made(admin!))).toBe('last_admin');
      expect(await store.deleteUser(admin!.id, made(admin!))).toBe('last_admin');

      const others = [newUser({ role: 'admin' }), newUser({ role: 'admin' })];
      for (const other of others) await store.insertUser(other, made(other));
      const outcomes = await Promise.all([admin!, ...others].map((user) => store.deleteUser(user.id, made(user))));
      expect(outcomes.toSorted()).toEqual(['changed', 'changed', 'last_admin']);
    });

    it('keeps users, each name once', async () => {
      const user = newUser({ passwordHash: 'secret hash' });

      expect(
        await Promise.all([user, { ...user, id: randomUUID() }].map((one) => store.insertUser(one, made(one)))).then((all) =>
          all.toSorted(),
        ),
      ).toEqual([false, true]);
      const kept = await store.userByName(user.name);
      expect(kept).toMatchObject({ name: user.name, role: 'viewer', disabled: false, passwordHash: 'secret hash' });
      expect(Math.abs(kept!.createdAt.getTime() - Date.now())).toBeLessThan(60_000);
      expect(await store.userById(kept!.id)).toEqual(kept);
      expect(await store.userByName('nobody')).toBeNull();
      expect(await store.changeUser(randomUUID(), {}, made(user))).toBe('missing');
      expect(await store.deleteUser(kept!.id, made(user))).toBe('changed');
      expect(await store.deleteUser(kept!.id, made(user))).toBe('missing');
    });

    describe('a session', () => {
      let user: NewUser;
      beforeEach(async () => {
        user = newUser();
        await store.insertUser(user, made(user));
      });

      it('is its user’s until it ends', async () => {
        const [one, other] = [session(user.id), session(user.id)];
        await store.beginSession(one, LIFE, made(user));
        await store.beginSession(other, LIFE, made(user));
        expect(await store.userOfSession(one.tokenHash, LIFE)).toMatchObject({ id: user.id, role: 'viewer' });

        await store.endSession(one.tokenHash, made(user));

        expect(await store.userOfSession(one.tokenHash, LIFE)).toBeNull();
        expect(await store.userOfSession(other.tokenHash, LIFE)).toMatchObject({ id: user.id });
        expect(await store.userOfSession(hash(), LIFE)).toBeNull();
      });

      it('takes the place of the one before', async () => {
        const before = session(user.id);
        await store.beginSession(before, LIFE, made(user));
        await store.beginSession({ ...session(user.id), insteadOf: before.tokenHash }, LIFE, made(user));

        expect(await store.userOfSession(before.tokenHash, LIFE)).toBeNull();
      });

      it('ends when it is idle, or old, and not before', async () => {
        const idle = session(user.id);
        await store.beginSession(idle, LIFE, made(user));
        const short = { idleMs: 300, wholeMs: 60_000 };

        await eventually('it is idle', async () => (await store.userOfSession(idle.tokenHash, short)) === null);
        expect(await store.userOfSession(idle.tokenHash, LIFE)).not.toBeNull();
        await store.touchSession(idle.tokenHash);
        expect(await store.userOfSession(idle.tokenHash, short)).not.toBeNull();
        expect(await store.userOfSession(idle.tokenHash, { idleMs: 60_000, wholeMs: 300 })).toBeNull();
      });

      it.each([{ passwordHash: 'new' }, { disabled: true }])('ends when the user changes: %j', async (change) => {
        const running = session(user.id);
        await store.beginSession(running, LIFE, made(user));

        expect(await store.changeUser(user.id, change, made(user))).toBe('changed');

        expect(await store.userOfSession(running.tokenHash, LIFE)).toBeNull();
      });

      it('has the role that the user has now', async () => {
        const running = session(user.id);
        await store.beginSession(running, LIFE, made(user));
        await store.changeUser(user.id, { role: 'operator' }, made(user));

        expect(await store.userOfSession(running.tokenHash, LIFE)).toMatchObject({ role: 'operator' });
      });
    });

    describe('a brake', () => {
      const brake = (change: Partial<Brake> = {}): Brake => ({ subject: hash(), free: 2, longestMs: 60_000, ...change });

      it('lets some attempts pass, and then fewer and fewer', async () => {
        const slow = brake();

        expect([await store.attemptLogin([slow]), await store.attemptLogin([slow]), await store.attemptLogin([slow])]).toEqual([
          0, 0, 0,
        ]);
        const waitMs = await store.attemptLogin([slow]);
        expect(waitMs).toBeGreaterThan(0);
        expect(waitMs).toBeLessThanOrEqual(1_000);
        expect(await store.attemptLogin([brake()])).toBe(0);
      });

      it('counts attempts that come at once', async () => {
        const slow = brake();
        const waits = await Promise.all(Array.from({ length: 10 }, () => store.attemptLogin([slow])));

        expect(waits.filter((ms) => ms === 0)).toHaveLength(3);
      });

      it('is released by a success, and lifted by one failure', async () => {
        const user = newUser();
        await store.insertUser(user, made(user));
        const [pair, address] = [brake(), brake()];
        for (let attempt = 0; attempt < 3; attempt++) await store.attemptLogin([pair, address]);
        expect(await store.attemptLogin([pair])).toBeGreaterThan(0);

        await store.beginSession({ ...session(user.id), release: [pair.subject], lift: address.subject }, LIFE, made(user));

        expect(await store.attemptLogin([pair])).toBe(0);
        expect(await store.attemptLogin([address])).toBe(0);
        expect(await store.attemptLogin([address])).toBeGreaterThan(0);
      });

      it('does not hold where the user is known', async () => {
        const user = newUser();
        await store.insertUser(user, made(user));
        const mark = hash();
        const account = brake({ free: 0, exceptMarked: mark });
        await store.attemptLogin([account]);
        expect(await store.attemptLogin([account, brake()])).toBeGreaterThan(0);

        await store.beginSession({ ...session(user.id), mark }, LIFE, made(user));

        expect(await store.attemptLogin([account, brake()])).toBe(0);
        expect(await store.attemptLogin([{ ...account, exceptMarked: undefined }])).toBeGreaterThan(0);
      });
    });

    it('keeps keys until they expire or are deleted', async () => {
      const key = {
        id: randomUUID(),
        name: 'Schlüssel ☂',
        prefix: 'tw_abcdefgh',
        keyHash: hash(),
        scopes: ['tasks:read'] as const,
        types: ['a', 'b'],
        expiresAt: null,
        rateLimit: 5,
      };
      const soon = { ...key, id: randomUUID(), keyHash: hash(), types: null, expiresAt: new Date(Date.now() + 1_000) };
      await store.insertKey(key, entryOf(actor, 'key.create', key.id));
      await store.insertKey(soon, entryOf(actor, 'key.create', soon.id));

      const { keyHash, ...told } = key;
      expect(await store.keyByHash(keyHash)).toMatchObject({ ...told, lastUsedAt: null });
      expect((await store.keys()).map(({ id }) => id)).toEqual(expect.arrayContaining([key.id, soon.id]));
      await store.touchKey(key.id);
      expect((await store.keyByHash(keyHash))!.lastUsedAt).not.toBeNull();
      await eventually('it has expired', async () => (await store.keyByHash(soon.keyHash)) === null);
      expect(await store.deleteKey(key.id, entryOf(actor, 'key.delete', key.id))).toBe(true);
      expect(await store.deleteKey(key.id, entryOf(actor, 'key.delete', key.id))).toBe(false);
      expect(await store.keyByHash(keyHash)).toBeNull();
    });

    it('chains the lines of the audit, also those that come at once', async () => {
      await Promise.all(
        Array.from({ length: 40 }, (_, index) =>
          store.note([entryOf(actor, 'test.note', `Ziel ☂ ${index}`, { index }), entryOf(actor, 'test.other', null)]),
        ),
      );
      const lines = await auditOldestFirst();

      expect(lines.map(({ seq }) => seq)).toEqual(lines.map((_, index) => index + 1));
      lines.forEach((line, index) => expect(line.hash).toBe(hashOf(lines[index - 1]?.hash ?? NO_HASH, line)));
    });

    it('tells the audit newest first, by actor and action', async () => {
      const someone = { kind: 'user', id: randomUUID(), name: 'zoë' } as const;
      await store.note([entryOf(someone, 'test.one', 'a'), entryOf(someone, 'test.two', 'b')]);

      const found = await store.audit({ actor: someone.id }, 10);
      expect(found.map(({ action }) => action)).toEqual(['test.two', 'test.one']);
      expect((await store.audit({ actor: 'zoë', action: 'test.one' }, 10)).map(({ seq }) => seq)).toEqual([found[1]!.seq]);
      expect((await store.audit({ before: found[1]!.seq }, 1))[0]!.seq).toBe(found[1]!.seq - 1);
    });

    it('notes nothing of what did not happen', async () => {
      const before = (await store.audit({}, 1))[0]!.seq;
      await store.endSession(hash(), entryOf(actor, 'session.end', null));
      await store.deleteKey(randomUUID(), entryOf(actor, 'key.delete', null));
      await store.changeUser(randomUUID(), {}, entryOf(actor, 'user.change', null));

      expect((await store.audit({}, 1))[0]!.seq).toBe(before);
    });
  });
}
