import { join } from 'node:path';
import { TestBroker } from '../support/broker.js';
import { TestDatabase } from '../support/database.js';
import type { Env } from '../support/processes.js';
import type { Scope } from '../support/scope.js';
import { QUICK_REPAIR } from './bounds.js';
import { Member } from './member.js';
import { mysqlRows, sqliteRows, type Rows } from './rows.js';

const HANDLERS = join(import.meta.dirname, 'handlers');

export interface DeploymentOptions {
  /** 1 unless given. */
  apis?: number;
  /** 1 unless given; an embedded deployment has none. */
  workers?: number;
  /** For every process, over the short leases and sweeps. */
  env?: Env;
  /** For the APIs, for the workers. */
  apiEnv?: Env;
  workerEnv?: Env;
  /** Other ways to the servers, for instance through a proxy; for both apps, or as each is told. */
  ways?: { database?: Way; broker?: Way };
  /** Folder of an embedded deployment's database file; one of its own unless given. */
  fileFolder?: string;
}

/** Makes another URL for a server. */
type Way = (url: string, app: Member['app']) => string | Promise<string>;

/** Where a deployment finds what it needs. */
export interface Surroundings {
  scope: Scope;
  folder: string;
  sinkUrl: string;
  /** URLs of the servers; without them the deployment is embedded. */
  servers?: { mysql: string; amqp: string };
}

/** APIs and workers under test, on a database and queues of their own, or one embedded process on a file of its own. */
export class Deployment {
  private constructor(
    readonly apis: readonly Member[],
    readonly workers: readonly Member[],
    readonly rows: Rows,
    private readonly servers?: { database: TestDatabase; broker: TestBroker },
  ) {}

  /** Prepares it and starts nothing. */
  static async prepare(around: Surroundings, options: DeploymentOptions): Promise<Deployment> {
    const { scope, folder, sinkUrl } = around;
    const { apis = 1, workers = 1, ways = {} } = options;
    const common: Env = { ...QUICK_REPAIR, TEST_HANDLERS: HANDLERS, SINK_URL: sinkUrl, ...options.env };
    if (!around.servers) {
      const path = join(options.fileFolder ?? folder, 'taskwell.db');
      const env = { ...common, DATABASE_URL: `sqlite:${path}`, ...options.apiEnv };
      return new Deployment([await Member.create('api', 'embedded', scope, env)], [], sqliteRows(path));
    }
    const database = await TestDatabase.create(scope, around.servers.mysql);
    const broker = await TestBroker.open(scope, around.servers.amqp);
    const envOf = async (app: Member['app']): Promise<Env> => ({
      ...common,
      DATABASE_URL: (await ways.database?.(database.url, app)) ?? database.url,
      TRANSPORT_URL: (await ways.broker?.(broker.url, app)) ?? broker.url,
      QUEUE_PREFIX: broker.prefix,
    });
    const members = async (app: Member['app'], count: number, own?: Env) => {
      const env = { ...(await envOf(app)), ...own };
      return Promise.all(Array.from({ length: count }, (_, index) => Member.create(app, `${app}-${index + 1}`, scope, env)));
    };
    return new Deployment(
      await members('api', apis, options.apiEnv),
      await members('worker', workers, options.workerEnv),
      mysqlRows(database),
      { database, broker },
    );
  }

  get members(): readonly Member[] {
    return [...this.apis, ...this.workers];
  }

  /** The rows' database, as its operator sees it. @throws Error for an embedded deployment. */
  get database(): TestDatabase {
    return this.ofServers.database;
  }

  /** The queues, as the broker's operator sees them. @throws Error for an embedded deployment. */
  get broker(): TestBroker {
    return this.ofServers.broker;
  }

  /** Ids of the tasks that the member's latest process has in its hands, as far as the rows know. */
  async heldBy(member: Member): Promise<string[]> {
    const held = await this.database.rows<{ id: string }>(
      `SELECT id FROM {db}.tasks WHERE status = 'PROCESSING' AND worker_id LIKE ?`,
      [member.process.workerIds],
    );
    return held.map(({ id }) => id);
  }

  /** The worker that has the task in its hands, or had it last. */
  async holderOf(id: string): Promise<Member | undefined> {
    const workerId = (await this.database.task(id)).worker_id;
    return this.workers.find((worker) => worker.records.some(({ pid }) => workerId?.includes(`:${pid}:`)));
  }

  private get ofServers(): { database: TestDatabase; broker: TestBroker } {
    if (!this.servers) throw new Error('An embedded deployment has no servers.');
    return this.servers;
  }
}
