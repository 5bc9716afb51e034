import { isIP } from 'node:net';
import { isPublic, isWithin, parseRange, type Range } from './addresses.js';
import { isWebPort } from './ports.js';

const MAX_URL = 2_048;
const MAX_NAME = 253;
const MAX_LABEL = 63;

/** Decides where requests may go. It looks at what a URL says and at addresses, and asks nobody. */
export class EgressPolicy {
  private readonly hosts = new Set<string>();
  private readonly ranges: Range[] = [];

  /**
   * @param allow hosts, addresses and CIDRs, separated by commas, that are allowed although they are private; on these, any port is.
   * @throws Error for a CIDR that is none.
   */
  constructor(allow = '') {
    for (const entry of allow.split(',').map((text) => text.trim().toLowerCase())) {
      const address = entry.replace(/^\[|\]$/g, '');
      if (entry.includes('/') || isIP(address)) this.ranges.push(parseRange(address));
      else if (entry !== '') this.hosts.add(entry);
    }
  }

  /**
   * What is wrong with a URL as a client gave it, in words that follow its name; undefined if it may be tried. A name is not resolved
   * here: its addresses are vetted at every connection.
   */
  refusal(url: unknown): string | undefined {
    if (typeof url !== 'string') return 'must be a URL';
    if (url.length > MAX_URL) return `must be a URL of at most ${MAX_URL} characters`;
    const parsed = parseUrl(url);
    return parsed ? this.refusalOf(parsed) : 'must be an absolute http or https URL';
  }

  /** As {@link refusal}, of a URL that is parsed already: what counts is the host that the parser found, never the text. */
  refusalOf(url: URL): string | undefined {
    if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'must be an http or https URL';
    if (url.username !== '' || url.password !== '') return 'must not carry a user name or password';
    const host = hostOf(url);
    if (this.trusts(host)) return undefined;
    if (!isIP(host) && !isName(host)) return 'must name a host';
    if (isIP(host) ? !this.permits(host) : isLoopbackName(host)) return 'must not lead to a private or reserved address';
    if (url.port !== '' && !isWebPort(Number(url.port))) return 'must not name the port of another service';
    return undefined;
  }

  /** True if a connection to the address may be made. */
  permits(address: string): boolean {
    return isPublic(address) || isWithin(address, this.ranges);
  }

  /** True if the operator named this host, or the range of this address. */
  trusts(host: string): boolean {
    return this.hosts.has(host) || isWithin(host, this.ranges);
  }

  /** True if the operator named this host: whatever address it has is allowed. */
  names(host: string): boolean {
    return this.hosts.has(host);
  }
}

/** The host without the brackets of an IPv6 address and the dot at the end of a full name. */
export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

export function parseUrl(text: string, base?: URL): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}

function isName(host: string): boolean {
  return host.length <= MAX_NAME && host.split('.').every((label) => label.length > 0 && label.length <= MAX_LABEL);
}

function isLoopbackName(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost');
}
