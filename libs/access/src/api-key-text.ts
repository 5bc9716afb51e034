import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const RANDOM_BYTES = 32;
/** As many digits as 256 bits and 32 bits need. */
const RANDOM_DIGITS = 43;
const CHECK_DIGITS = 6;
const FORM = new RegExp(`^tw_[0-9A-Za-z]{${RANDOM_DIGITS + CHECK_DIGITS}}$`);
const PREFIX_LENGTH = 'tw_'.length + 8;

/** A new key: `tw_`, 256 random bits and their CRC-32, in base 62. So a typo is seen without the database, and a scanner knows a key by its form. */
export function newKeyText(): string {
  const random = base62(BigInt(`0x${randomBytes(RANDOM_BYTES).toString('hex')}`), RANDOM_DIGITS);
  return `tw_${random}${checkOf(random)}`;
}

/** True for what can be a key: form and check digits are right. */
export function isKeyText(text: string): boolean {
  return FORM.test(text) && checkOf(text.slice(3, -CHECK_DIGITS)) === text.slice(-CHECK_DIGITS);
}

/** The beginning, which is no secret. */
export function prefixOf(key: string): string {
  return key.slice(0, PREFIX_LENGTH);
}

/** How a secret of 256 random bits is kept: nobody can guess it, so the hash need not be slow. */
export function secretHash(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** A secret for sessions and setup links. */
export function newSecret(): string {
  return randomBytes(RANDOM_BYTES).toString('base64url');
}

function checkOf(random: string): string {
  return base62(BigInt(crc32(random)), CHECK_DIGITS);
}

function base62(value: bigint, length: number): string {
  let text = '';
  for (let rest = value; rest > 0n; rest /= 62n) text = DIGITS[Number(rest % 62n)]! + text;
  return text.padStart(length, '0');
}
