import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import type { Brake } from './access-store.js';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

/** The brakes on logins of one name from one address. */
export interface LoginBrakes {
  all: Brake[];
  pair: string;
  account: string;
  address: string;
  known: string;
}

/**
 * Guessing is slowed down by name and address, by address whatever the name, and by name whatever the address. The last one is weak, and does
 * not hold where the user has logged in before: strangers must not be able to keep a user out.
 */
export function loginBrakes(name: string, address: string): LoginBrakes {
  const from = networkOf(address);
  const [pair, byAddress, account, known] = [
    ['pair', name, from],
    ['address', from],
    ['account', name],
    ['known', name, from],
  ].map(subjectOf) as [string, string, string, string];
  return {
    all: [
      { subject: pair, free: 5, longestMs: 15 * MINUTE_MS },
      { subject: byAddress, free: 50, longestMs: 15 * MINUTE_MS },
      { subject: account, free: 100, longestMs: MINUTE_MS, exceptMarked: known },
    ],
    pair,
    account,
    address: byAddress,
    known,
  };
}

/** How long the next attempt must wait after so many failures. */
export function brakeMs({ free, longestMs }: Pick<Brake, 'free' | 'longestMs'>, failures: number): number {
  return failures <= free ? 0 : Math.min(SECOND_MS * 2 ** Math.min(failures - free - 1, 30), longestMs);
}

/** An IPv6 host has a whole /64 to come from. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.startsWith('::ffff:')) return address.replace('::ffff:', '');
  const [head = '', tail] = address.split('::');
  const groups = head.split(':').filter(Boolean);
  const rest = tail === undefined ? [] : tail.split(':').filter(Boolean);
  while (groups.length + rest.length < 8) groups.push('0');
  return [...groups, ...rest]
    .slice(0, 4)
    .map((group) => parseInt(group, 16).toString(16))
    .join(':');
}

function subjectOf(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
