import { connect, type Channel, type ChannelModel } from 'amqplib';
import { describe, it } from '@jest/globals';
import { Settings } from '@app/config';

export const AMQP_URL = process.env.TEST_AMQP_URL ?? 'amqp://guest:guest@127.0.0.1:5672';

const problem = await connect(AMQP_URL, { timeout: 2_000 }).then(
  (connection) => connection.close(),
  (error: Error) => error.message || String(error),
);

/** Like `describe`, for tests that need RabbitMQ. Without one they are left out and say so; REQUIRE_SERVERS=1 makes that a failure. */
export function describeWithRabbit(name: string, body: () => void): void {
  if (!problem) return describe(name, body);
  const reason = `no RabbitMQ answers (${problem}); set TEST_AMQP_URL`;
  if (process.env.REQUIRE_SERVERS === '1') {
    describe(name, () =>
      it('needs a server', () => {
        throw new Error(reason);
      }),
    );
  } else {
    process.stderr.write(`${name}: left out, ${reason}.\n`);
    describe.skip(name, body);
  }
}

let prefixes = 0;

/** Settings for a set of queues that no other test uses. */
export function rabbitSettings(overrides: Partial<Settings> = {}): Settings {
  const queuePrefix = `t${process.pid}-${Date.now().toString(36)}-${++prefixes}`;
  return Object.assign(new Settings(), { transportUrl: AMQP_URL, queuePrefix, ...overrides });
}

/** The broker as its operator sees it: a connection of the test's own. */
export class Operator {
  private constructor(
    private readonly connection: ChannelModel,
    readonly channel: Channel,
  ) {}

  static async connect(): Promise<Operator> {
    const connection = await connect(AMQP_URL);
    const channel = await connection.createChannel();
    // The broker closes the channel that asks for a missing queue; the call that asked says so.
    channel.on('error', () => {});
    return new Operator(connection, channel);
  }

  async ready(queue: string): Promise<number> {
    return (await this.channel.checkQueue(queue)).messageCount;
  }

  async consumers(queue: string): Promise<number> {
    return (await this.channel.checkQueue(queue)).consumerCount;
  }

  async deleteQueues(prefix: string): Promise<void> {
    for (const name of ['due.high', 'due.normal', 'due.low', 'dead']) await this.channel.deleteQueue(`${prefix}.${name}`);
  }

  async close(): Promise<void> {
    await this.connection.close();
  }
}
