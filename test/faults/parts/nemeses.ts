import { lasting } from '../../support/eventually.js';
import type { Random } from '../../support/random.js';
import type { TcpProxy } from '../../support/tcp-proxy.js';
import type { Deployment } from '../deployment.js';
import type { Stage } from '../stage.js';

/** On whom a nemesis may fall. */
export interface Cast {
  stage: Stage;
  deployment: Deployment;
  /** Between the members and their servers. */
  lines: { database: TcpProxy; broker: TcpProxy };
  random: Random;
  /** When queues were last deleted, by performance.now(). */
  queuesDeletedAt: number;
}

/** Hurts something and heals it again. */
export type Nemesis = (cast: Cast) => Promise<unknown>;

/** RabbitMQ 3.10 needs so long until a new quorum queue survives a kill: a younger one may come back without a leader, for good. */
const QUEUES_ARE_SAFE_MS = 15_000;

/** By name. Each leaves everything as it was. */
export const NEMESES: Record<string, Nemesis> = {
  'a worker is killed': async ({ deployment, random }) => {
    const worker = random.pick(deployment.workers);
    await worker.kill();
    await lasting(random.between(0, 4_000));
    await worker.start();
  },
  'a worker stands still': async ({ deployment, random }) => {
    const worker = random.pick(deployment.workers);
    worker.freeze();
    await lasting(random.between(1_000, 12_000));
    worker.thaw();
  },
  'a worker is restarted': async ({ deployment, random }) => {
    const worker = random.pick(deployment.workers);
    await worker.stop();
    await worker.start();
  },
  'an API is killed': async ({ deployment, random }) => {
    const api = random.pick(deployment.apis);
    await api.kill();
    await lasting(random.between(0, 3_000));
    await api.start();
  },
  'an API is restarted': async ({ deployment, random }) => {
    const api = random.pick(deployment.apis);
    await api.stop();
    await api.start();
  },
  'the broker is killed': async (cast) => {
    await lasting(Math.max(0, cast.queuesDeletedAt + QUEUES_ARE_SAFE_MS - performance.now()));
    await restartBroker(cast, () => cast.stage.rabbitmq!.kill());
  },
  'the broker is restarted': (cast) => restartBroker(cast, () => cast.stage.rabbitmq!.stop()),
  'the queues are purged': ({ deployment }) => deployment.broker.purge(),
  'the queues are deleted': async (cast) => {
    await cast.deployment.broker.deleteQueues();
    cast.queuesDeletedAt = performance.now();
  },
  'the broker is a black hole': ({ lines, random }) => blackHole(lines.broker, random),
  'the broker is short of memory': async ({ stage, random }) => {
    await stage.rabbitmq!.ctl('set_vm_memory_high_watermark', '0.000001');
    await lasting(random.between(2_000, 8_000));
    await stage.rabbitmq!.ctl('set_vm_memory_high_watermark', '0.4');
  },
  'the database is killed': async ({ stage, random }) => {
    await stage.mariadb!.kill();
    await lasting(random.between(0, 6_000));
    await stage.mariadb!.start();
    await stage.deployment.database.reconnect();
  },
  'the database stands still': async ({ stage, random }) => {
    stage.mariadb!.freeze();
    await lasting(random.between(1_000, 10_000));
    stage.mariadb!.thaw();
  },
  'the database is a black hole': ({ lines, random }) => blackHole(lines.database, random),
  'the lines are cut': async ({ lines, random }) => {
    lines.database.cut();
    lines.broker.cut();
    await lasting(random.between(0, 5_000));
    lines.database.resume();
    lines.broker.resume();
  },
};

async function restartBroker({ stage, deployment, random }: Cast, end: () => Promise<void>): Promise<void> {
  await end();
  await lasting(random.between(0, 4_000));
  await stage.rabbitmq!.start();
  await deployment.broker.reconnect();
}

async function blackHole(line: TcpProxy, random: Random): Promise<void> {
  line.hold();
  await lasting(random.between(1_000, 10_000));
  line.resume();
}
