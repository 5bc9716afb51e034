import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { connect } from 'amqplib';
import { freePort } from '../../support/ports.js';
import type { Scope } from '../../support/scope.js';
import { folderAt, type Place } from './place.js';
import { PrivateServer } from './private-server.js';

const run = promisify(execFile);
const BOOT_MS = 60_000;

/** The scripts themselves: Debian's wrappers in /usr/sbin change the user and lose the environment. */
const SCRIPTS = '/usr/lib/rabbitmq/bin';

/** A RabbitMQ node of its own, not clustered with any other. */
export class PrivateRabbitmq extends PrivateServer {
  private readonly environment: Record<string, string>;

  private constructor(url: string, data: string, environment: Record<string, string>, log: string) {
    const program = { command: script('rabbitmq-server'), args: [], env: environment, log };
    super(url, data, program, BOOT_MS);
    this.environment = environment;
  }

  /** Starts one; the scope ends it and removes its data. */
  static async start(scope: Scope, folder: string, place: Place = 'disk'): Promise<PrivateRabbitmq> {
    const [port, distPort] = [await freePort(), await freePort()];
    const data = folderAt(place, 'rabbitmq', scope, folder);
    const own = join(folder, 'rabbitmq-node');
    await mkdir(own, { recursive: true });
    await writeFile(join(own, 'rabbitmq.conf'), `listeners.tcp.local = 127.0.0.1:${port}\n`);
    await writeFile(join(own, 'enabled_plugins'), '[].\n');
    await writeFile(join(own, 'rabbitmq-env.conf'), '');
    const environment = {
      HOME: own,
      RABBITMQ_NODENAME: `taskwell-${randomBytes(4).toString('hex')}@localhost`,
      RABBITMQ_NODE_PORT: String(port),
      RABBITMQ_DIST_PORT: String(distPort),
      RABBITMQ_MNESIA_BASE: data,
      RABBITMQ_LOG_BASE: own,
      RABBITMQ_PID_FILE: join(own, 'pid'),
      RABBITMQ_CONFIG_FILE: join(own, 'rabbitmq'),
      RABBITMQ_ENABLED_PLUGINS_FILE: join(own, 'enabled_plugins'),
      RABBITMQ_CONF_ENV_FILE: join(own, 'rabbitmq-env.conf'),
      ERL_EPMD_ADDRESS: '127.0.0.1',
      // Makes the script become the node, so that signals reach it.
      RABBITMQ_ALLOW_INPUT: 'true',
      RABBITMQ_SERVER_START_ARGS: '-noinput -kernel inet_dist_use_interface {127,0,0,1}',
    };
    const server = new PrivateRabbitmq(`amqp://guest:guest@127.0.0.1:${port}`, data, environment, join(own, 'output.log'));
    scope.onEnd(() => server.kill());
    await server.start();
    return server;
  }

  async wipe(): Promise<void> {
    for (const entry of await readdir(this.dataFolder)) await rm(join(this.dataFolder, entry), { recursive: true });
  }

  /** Runs rabbitmqctl against this node; answers what it prints. */
  async ctl(...args: string[]): Promise<string> {
    const env = { PATH: process.env.PATH!, ...this.environment };
    const { stdout } = await run(script('rabbitmqctl'), ['-n', this.environment.RABBITMQ_NODENAME!, ...args], { env });
    return stdout;
  }

  protected async enter(): Promise<void> {
    const connection = await connect(this.url, { timeout: 2_000 });
    await connection.close();
  }
}

function script(name: string): string {
  const path = join(SCRIPTS, name);
  return existsSync(path) ? path : name;
}
