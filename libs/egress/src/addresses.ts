import ipaddr from 'ipaddr.js';

/** An address with the length of its prefix. */
export type Range = [ipaddr.IPv4 | ipaddr.IPv6, number];

/** IPv6 addresses that lead into the internet are all in here; what embeds IPv4 addresses in other ways, or is local, is not. */
const GLOBAL_UNICAST = ipaddr.parseCIDR('2000::/3') as [ipaddr.IPv6, number];

/** Azure's WireServer: a public address that answers inside every machine there. */
const WIRE_SERVER = '168.63.129.16';

/** True if an address that a name resolved to, or that stands in a URL, belongs to the public internet. */
export function isPublic(address: string): boolean {
  const parsed = parse(address);
  if (parsed?.range() !== 'unicast') return false;
  return parsed instanceof ipaddr.IPv6 ? parsed.match(GLOBAL_UNICAST) : parsed.toString() !== WIRE_SERVER;
}

export function isWithin(address: string, ranges: readonly Range[]): boolean {
  const parsed = parse(address);
  return ranges.some(([base, bits]) => parsed?.kind() === base.kind() && parsed.match(base, bits));
}

/** `10.0.0.0/8`, or a single address. @throws Error for anything else */
export function parseRange(text: string): Range {
  if (text.includes('/')) return ipaddr.parseCIDR(text);
  const address = ipaddr.parse(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}

/** An IPv4 address that is written as IPv6 is taken for what it is. */
function parse(address: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  return ipaddr.isValid(address) ? ipaddr.process(address) : undefined;
}
