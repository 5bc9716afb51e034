import { join } from 'node:path';
import { eventually } from '../support/eventually.js';
import type { Random } from '../support/random.js';
import type { Scope } from '../support/scope.js';
import { AMQP_URL, MYSQL_URL } from '../support/servers.mjs';
import { Client } from './client.js';
import { Deployment, type DeploymentOptions } from './deployment.js';
import {
  isFinal,
  type Call,
  type Evidence,
  type HistoryLine,
  type Look,
  type ProcessRecord,
  type Recovered,
  type Row,
} from './evidence.js';
import { Journal } from './journal.js';
import type { Scenario, ServerNeed } from './scenario.js';
import { PrivateMariadb } from './servers/private-mariadb.js';
import { PrivateRabbitmq } from './servers/private-rabbitmq.js';
import { Sink } from './sink.js';
import { Watch } from './watch.js';

/** After the scenario's bound, so that what comes too late is told from what never comes. */
const GRACE_MS = 20_000;

/** What the runner gives a stage. */
export interface Setting {
  scenario: Scenario;
  scope: Scope;
  /** Its own, empty. */
  folder: string;
  random: Random;
  /** How long a scenario goes on that lasts as long as it is told. */
  minutes: number;
  count?: number;
  short?: boolean;
  /** For every process, on top of what the scenario says. */
  env?: DeploymentOptions['env'];
}

/** Where one run of a scenario happens: its servers, processes, client and sink, and the evidence of it. */
export class Stage {
  readonly random: Random;
  readonly scope: Scope;
  readonly folder: string;
  readonly minutes: number;
  /** Set by {@link deploy} if the scenario needs private ones. */
  mariadb?: PrivateMariadb;
  rabbitmq?: PrivateRabbitmq;
  /** Where the client goes, for instance through a proxy; straight to the APIs unless set. */
  doors?: readonly string[];
  private deployed?: Deployment;
  private gaveUp = false;
  private readonly broken: string[] = [];
  private readonly recovered: Recovered[] = [];

  private constructor(
    private readonly setting: Setting,
    readonly history: Journal<HistoryLine>,
    private readonly looks: Journal<Look>,
    readonly sink: Sink,
    readonly client: Client,
  ) {
    this.random = setting.random;
    this.scope = setting.scope;
    this.folder = setting.folder;
    this.minutes = setting.minutes;
  }

  static async open(setting: Setting): Promise<Stage> {
    const { scope, folder, random } = setting;
    const history = new Journal<HistoryLine>(join(folder, 'history.jsonl'), scope);
    const looks = new Journal<Look>(join(folder, 'looks.jsonl'), scope);
    const sink = await Sink.open(scope, new Journal<Call>(join(folder, 'calls.jsonl'), scope));
    const doors = () => stage.doors ?? stage.deployment.apis.map(({ url }) => url);
    const client = new Client(history, random, doors, `${setting.scenario.name}-${Date.now()}`);
    const stage: Stage = new Stage(setting, history, looks, sink, client);
    return stage;
  }

  /** How many submissions a scenario of a size makes: what the command line says, or its own number for a full or a short run. */
  amount(full: number, short: number): number {
    return this.setting.count ?? (this.setting.short ? short : full);
  }

  /** What {@link deploy} made. */
  get deployment(): Deployment {
    if (!this.deployed) throw new Error('Nothing is deployed yet.');
    return this.deployed;
  }

  /** Prepares servers and members and starts nothing, so that the scenario can start each one in its own way. */
  async prepare(options: DeploymentOptions = {}): Promise<Deployment> {
    const { scope, folder, sink } = this;
    const servers = await this.servers();
    const env = { ...options.env, ...this.setting.env };
    this.deployed = await Deployment.prepare({ scope, folder, sinkUrl: sink.url, servers }, { ...options, env });
    new Watch(this.deployed, this.client.accepted, this.looks, this.random).start(scope);
    return this.deployed;
  }

  /** Prepares servers and members, starts all members, and waits until they are ready. */
  async deploy(options: DeploymentOptions = {}): Promise<Deployment> {
    const deployment = await this.prepare(options);
    await Promise.all(deployment.members.map((member) => member.start()));
    return deployment;
  }

  /** Notes that the fault begins, injects it, and notes that it is healed when `inject` resolves. No clock of recovery runs meanwhile. */
  async fault<T>(fault: string, inject: () => Promise<T> | T): Promise<T> {
    this.history.add({ what: 'fault', at: Date.now(), fault });
    try {
      return await inject();
    } finally {
      this.history.add({ what: 'healed', at: Date.now(), fault });
    }
  }

  /** What must hold in this scenario beside the invariants; a claim that does not hold fails the run, and the run goes on. */
  claim(text: string, holds: boolean): void {
    if (!holds) this.broken.push(text);
  }

  /** How long tasks took to recover, by the scenario's own clock; held against its bound like what the checker measures. */
  recoveries(measured: readonly Recovered[]): void {
    this.recovered.push(...measured);
  }

  /** Resolves when the condition holds. @throws Error after `within` milliseconds, 20 seconds unless given. */
  async until(what: string, look: () => boolean | Promise<boolean>, within = 20_000): Promise<void> {
    await eventually(what, look, { within, every: 20 });
  }

  /** Resolves when the task is final, to its row. */
  async untilFinal(id: string, within: number): Promise<Row> {
    return eventually(
      `${id} is final`,
      async () => (await this.deployment.rows.all()).find((row) => row.id === id && isFinal(row.status)),
      { within, every: 50 },
    );
  }

  /** Ends the load and lets everything finish that was accepted, as long as the bound and some grace allow; it gives up only once. */
  async settle(): Promise<void> {
    await this.client.stopAll();
    if (!this.deployed || this.gaveUp) return;
    const within = this.setting.scenario.boundMs + GRACE_MS;
    const finished = async () => (await this.deployment.rows.unfinished()) === 0;
    await eventually('all rows are final', finished, { within, every: 100 }).catch(() => (this.gaveUp = true));
  }

  /** Stops the members and gathers what the run left behind. */
  async evidence(): Promise<Evidence> {
    const { members = [], rows } = this.deployed ?? {};
    await Promise.all(members.filter(({ records }) => records.length > 0).map((member) => member.stop()));
    return {
      history: this.history.entries,
      looks: this.looks.entries,
      rows: (await rows?.all()) ?? [],
      attempts: (await rows?.attempts()) ?? [],
      calls: this.sink.calls,
      processes: this.records,
      recovered: this.recovered,
      broken: this.broken,
    };
  }

  /** The lives of all processes. */
  get records(): ProcessRecord[] {
    return this.deployed?.members.flatMap(({ records }) => records) ?? [];
  }

  /** What every process wrote. */
  get outputs(): { name: string; pid: number; output: string }[] {
    return this.deployed?.members.flatMap(({ outputs }) => outputs) ?? [];
  }

  private async servers(): Promise<{ mysql: string; amqp: string } | undefined> {
    const { needs } = this.setting.scenario;
    if (needs === 'embedded') return undefined;
    const own = (need: ServerNeed) => (need === 'shared' ? undefined : need.private);
    const [database, broker] = [own(needs.database), own(needs.broker)];
    [this.mariadb, this.rabbitmq] = await Promise.all([
      database && PrivateMariadb.start(this.scope, this.folder, database),
      broker && PrivateRabbitmq.start(this.scope, this.folder, broker),
    ]);
    return { mysql: this.mariadb?.url ?? MYSQL_URL, amqp: this.rabbitmq?.url ?? AMQP_URL };
  }
}
