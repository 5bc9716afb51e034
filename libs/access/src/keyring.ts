import { randomUUID } from 'node:crypto';
import type { AccessStore, ApiKey, NewApiKey } from './access-store.js';
import { isKeyText, newKeyText, prefixOf, secretHash } from './api-key-text.js';
import type { Actor } from './audit.js';
import { entryOf } from './entry.js';
import { AccessNotFound } from './errors.js';
import type { Principal } from './principal.js';
import { Recent } from './recent.js';

/** A key that was deleted elsewhere, or has expired, is refused after this. */
const KEY_KEPT_MS = 5_000;
const MOST_KEPT = 10_000;
const TOUCH_EVERY_MS = 60_000;

export type KeyWish = Pick<NewApiKey, 'name' | 'scopes' | 'types' | 'expiresAt' | 'rateLimit'>;

/** Makes, checks and deletes the keys of the API. */
export class Keyring {
  private readonly recent = new Recent<Principal>((text) => this.look(secretHash(text)), KEY_KEPT_MS, MOST_KEPT);
  private readonly touchedAt = new Map<string, number>();

  constructor(private readonly store: AccessStore) {}

  /** On whose behalf a request with this key is made; null for what is no key, or none any more. At once if it was asked for a moment ago. */
  find(text: string): Principal | null | Promise<Principal | null> {
    // Hashes and check digits cost more than all the rest of the gate: only for a key that was not seen just now.
    return this.recent.has(text) || isKeyText(text) ? this.recent.get(text) : null;
  }

  /** Makes a key. This is the only time that its text is known. */
  async make(wish: KeyWish, actor: Actor): Promise<{ key: ApiKey; text: string }> {
    const text = newKeyText();
    const key = { ...wish, id: randomUUID(), prefix: prefixOf(text), keyHash: secretHash(text) };
    const { name, prefix, scopes, types, expiresAt, rateLimit } = key;
    const detail = { name, prefix, scopes, types, expires_at: expiresAt, rate_limit: rateLimit };
    await this.store.insertKey(key, entryOf(actor, 'key.create', key.id, detail));
    return { key: (await this.store.keyByHash(key.keyHash)) ?? { ...key, createdAt: new Date(), lastUsedAt: null }, text };
  }

  /** @throws AccessNotFound */
  async delete(id: string, actor: Actor): Promise<void> {
    if (!(await this.store.deleteKey(id, entryOf(actor, 'key.delete', id)))) throw new AccessNotFound('key_not_found');
    this.recent.forget();
  }

  private async look(hash: string): Promise<Principal | null> {
    const key = await this.store.keyByHash(hash);
    if (!key) return null;
    this.touch(key.id);
    const { id, name, scopes, types, rateLimit } = key;
    return { kind: 'key', id, name, role: null, scopes, types, rateLimit };
  }

  /** Notes that the key is in use, when there is time for it. */
  private touch(id: string): void {
    const now = performance.now();
    if (now - (this.touchedAt.get(id) ?? -Infinity) < TOUCH_EVERY_MS) return;
    this.touchedAt.set(id, now);
    this.store.touchKey(id).catch(() => this.touchedAt.delete(id));
  }
}
