import { describe } from '@jest/globals';
import { missingServers } from './servers.mjs';

const missing = await missingServers();

/** A suite that needs MySQL and RabbitMQ. Without them it is left out and says so; with REQUIRE_SERVERS=1 it runs and fails. */
export function describeWithServers(name: string, suite: () => void): void {
  const reasons = Object.entries(missing).flatMap(([server, reason]) => (reason === null ? [] : [`${server} (${reason})`]));
  if (reasons.length === 0 || process.env.REQUIRE_SERVERS === '1') {
    describe(name, suite);
    return;
  }
  process.stdout.write(`Left out "${name}": no ${reasons.join(', no ')}\n`);
  describe.skip(name, suite);
}
