import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';
import { TooMany } from './errors.js';

/** One of OWASP's equal settings: 32 MB for a tenth of a second or so. */
const COST = { N: 2 ** 15, r: 8, p: 3 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** scrypt takes 128·N·r bytes, and a little more. */
const MAX_MEMORY = 64 * 1024 * 1024;

/** So many at once leave half of the thread pool to files and name servers, and bound the memory. */
const MOST_AT_ONCE = 2;
const MOST_WAITING = 20;

/** What a password that nobody has is compared with, so that an unknown name takes as long as a wrong password. */
const NOBODY = `scrypt$${COST.N}$${COST.r}$${COST.p}$${Buffer.alloc(SALT_BYTES).toString('base64url')}$${Buffer.alloc(HASH_BYTES).toString('base64url')}`;

/** Hashes passwords with scrypt, outside the event loop, a few at a time. */
export class Passwords {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  /** @throws TooMany if too many wait already */
  async hash(password: string): Promise<string> {
    const salt = randomBytes(SALT_BYTES);
    const hash = await this.derive(password, salt, COST);
    return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64url'), hash.toString('base64url')].join('$');
  }

  /**
   * @param kept what `hash` answered; null if there is no such user: it takes as long, and is false.
   * @throws TooMany if too many wait already
   */
  async fits(password: string, kept: string | null): Promise<boolean> {
    const [, n, r, p, salt, hash] = (kept ?? NOBODY).split('$');
    const cost = { N: Number(n), r: Number(r), p: Number(p) };
    const derived = await this.derive(password, Buffer.from(salt!, 'base64url'), cost);
    return timingSafeEqual(derived, Buffer.from(hash!, 'base64url')) && kept !== null;
  }

  private async derive(password: string, salt: Buffer, cost: ScryptOptions): Promise<Buffer> {
    if (this.waiting.length >= MOST_WAITING) throw new TooMany('Too many people are logging in. Try again.', 1);
    if (this.running >= MOST_AT_ONCE) await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.running++;
    try {
      return await new Promise<Buffer>((resolve, reject) => {
        // However a keyboard or a browser composes its characters, it is the same password.
        scrypt(password.normalize('NFKC'), salt, HASH_BYTES, { ...cost, maxmem: MAX_MEMORY }, (error, key) =>
          error ? reject(error) : resolve(key),
        );
      });
    } finally {
      this.running--;
      this.waiting.shift()?.();
    }
  }
}
