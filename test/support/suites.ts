import { describe, it } from '@jest/globals';
import { missingServers } from './servers.mjs';

type Server = keyof typeof missing;

const missing = await missingServers();
const VARIABLES = { mysql: 'TEST_MYSQL_URL', rabbitmq: 'TEST_AMQP_URL', s3: 'TEST_S3_ENDPOINT' } as const;

/** A suite that needs MySQL. Without it, it is left out and says so; with REQUIRE_SERVERS=1 it fails instead. */
export const describeWithMysql = describeWith('mysql');
/** The same for RabbitMQ. */
export const describeWithRabbitmq = describeWith('rabbitmq');
/** The same for an S3 server. */
export const describeWithS3 = describeWith('s3');
/** The same for MySQL and RabbitMQ. */
export const describeWithServers = describeWith('mysql', 'rabbitmq');

function describeWith(...servers: Server[]): (name: string, suite: () => void) => void {
  const reasons = servers
    .filter((server) => missing[server] !== null)
    .map((server) => `no ${server} (${missing[server]}; ${VARIABLES[server]} names another one)`);
  if (reasons.length === 0) return describe;
  const reason = reasons.join(', ');
  if (process.env.REQUIRE_SERVERS === '1') {
    return (name) =>
      describe(name, () => {
        it('finds the servers it needs', () => {
          throw new Error(reason);
        });
      });
  }
  return (name, suite) => {
    process.stdout.write(`Left out "${name}": ${reason}\n`);
    describe.skip(name, suite);
  };
}
