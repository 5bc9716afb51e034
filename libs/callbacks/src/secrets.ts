import { randomBytes } from 'node:crypto';

const PREFIX = 'whsec_';

/** The keys of a list of Standard Webhooks secrets (`whsec_…`), separated by white space or commas; the settings are checked for its form. */
export function keysOf(secrets: string): Buffer[] {
  return secrets
    .split(/[\s,]+/)
    .filter(Boolean)
    .map((secret) => Buffer.from(secret.slice(PREFIX.length), 'base64'));
}

/** A new secret of 32 bytes. */
export function newSecret(): string {
  return PREFIX + randomBytes(32).toString('base64');
}
