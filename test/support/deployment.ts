import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestBroker } from './broker.js';
import { TestDatabase } from './database.js';
import { TaskwellProcess, type Env } from './processes.js';
import type { Scope } from './scope.js';

/** Leases and sweeps as short as the settings allow beside a broker, so that repair can be watched. */
export const QUICK_REPAIR: Env = { LEASE_SECONDS: 6, SWEEP_SECONDS: 1, AMQP_HEARTBEAT_SECONDS: 2 };

/** APIs and workers on a database and queues of their own. */
export interface Deployment {
  database: TestDatabase;
  broker: TestBroker;
  /** What every process of it is started with. */
  env: Env;
  apis: TaskwellProcess[];
  workers: TaskwellProcess[];
}

export interface DeploymentOptions {
  apis?: number;
  workers?: number;
  env?: Env;
  /** Other ways to the servers, for instance through a proxy. */
  ways?: { database?: (url: string) => string; broker?: (url: string) => string };
}

/** Starts a whole Taskwell on MySQL and RabbitMQ; the scope ends it and removes what it left. */
export async function deploy(scope: Scope, options: DeploymentOptions = {}): Promise<Deployment> {
  const { apis = 1, workers = 1, ways = {} } = options;
  const database = await TestDatabase.create(scope);
  const broker = await TestBroker.open(scope);
  const files = await mkdtemp(join(tmpdir(), 'taskwell-files-'));
  scope.onEnd(() => rm(files, { recursive: true, force: true }));
  const env: Env = {
    DATABASE_URL: ways.database?.(database.url) ?? database.url,
    TRANSPORT_URL: ways.broker?.(broker.url) ?? broker.url,
    QUEUE_PREFIX: broker.prefix,
    FILES_URL: `file:${files}`,
    ARCHIVE_URL: `file:${join(files, 'archive')}`,
    ...options.env,
  };
  const starting = (app: 'api' | 'worker', count: number) =>
    Promise.all(Array.from({ length: count }, () => TaskwellProcess.start(app, scope, env)));
  const [startedApis, startedWorkers] = await Promise.all([starting('api', apis), starting('worker', workers)]);
  return { database, broker, env, apis: startedApis, workers: startedWorkers };
}
