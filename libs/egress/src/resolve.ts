import { Resolver, lookup } from 'node:dns/promises';

const QUERY_MS = 3_000;
const TRIES = 2;

/** Finds all addresses of a name; rejects when there are none. */
export type Resolve = (host: string) => Promise<string[]>;

/**
 * Asks the name servers, and not the system's resolver: that one has a few threads which a name server that hangs would hold, and with
 * them the file system.
 */
export const resolveByDns: Resolve = async (host) => {
  const resolver = new Resolver({ timeout: QUERY_MS, tries: TRIES });
  const answers = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
  const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  if (found.length === 0) throw (answers[0] as PromiseRejectedResult).reason;
  return found;
};

/** As the system resolves names, with its hosts file: for names that the operator allowed. */
export const resolveBySystem: Resolve = async (host) => (await lookup(host, { all: true })).map(({ address }) => address);
