import { Agent } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { send } from '../support/http.js';
import type { TaskView } from '../support/api.js';
import type { Random } from '../support/random.js';
import type { Scope } from '../support/scope.js';
import type { Deployment } from './deployment.js';
import type { Look } from './evidence.js';
import type { Journal } from './journal.js';
import type { Member } from './member.js';
import type { Instant } from './rows.js';

const LOOK_MS = 250;
const PROBE_MS = 100;
const PROBE_PATIENCE_MS = 5_000;
/** How closely this process watches its own event loop. */
const RESOLUTION_MS = 5;

/** Looks at a deployment from outside while a scenario goes on: its rows, its tasks as clients see them, its processes. */
export class Watch {
  private readonly own = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  /** Of its own: a probe that waits behind clients for a connection measures them. */
  private readonly agent = new Agent({ keepAlive: true });
  private since?: Instant;

  constructor(
    private readonly deployment: Deployment,
    private readonly accepted: readonly string[],
    private readonly looks: Journal<Look>,
    private readonly random: Random,
  ) {}

  /** Goes on until the scope ends. */
  start(scope: Scope): void {
    this.own.enable();
    this.repeat(scope, LOOK_MS, () => this.lookAtRows());
    this.repeat(scope, LOOK_MS, () => this.lookAsClient());
    for (const member of this.deployment.members) {
      this.repeat(scope, LOOK_MS, () => this.weigh(member));
      this.repeat(scope, PROBE_MS, () => this.probe(member));
    }
    scope.onEnd(() => {
      this.own.disable();
      this.agent.destroy();
    });
  }

  /** Runs the look again and again, one after the other; a look that fails is left out, because a fault is going on. */
  private repeat(scope: Scope, everyMs: number, look: () => Promise<void>): void {
    let busy = false;
    const timer = setInterval(() => {
      if (busy) return;
      busy = true;
      void look()
        .catch(() => {})
        .finally(() => (busy = false));
    }, everyMs);
    scope.onEnd(() => clearInterval(timer));
  }

  private async lookAtRows(): Promise<void> {
    const at = Date.now();
    const { states, latest } = await this.deployment.rows.changed(this.since);
    for (const state of states) this.looks.add({ at, by: 'database', ...state });
    this.since = latest;
  }

  /** Asks an API for a task that was accepted lately, or long ago. */
  private async lookAsClient(): Promise<void> {
    if (this.accepted.length === 0) return;
    const id = this.random.pick(this.random.next() < 0.5 ? this.accepted.slice(-20) : this.accepted);
    const api = this.random.pick(this.deployment.apis);
    const { status, body } = await send<TaskView>(api.url, { path: `/api/tasks/${id}`, patience: PROBE_PATIENCE_MS });
    if (status === 200) this.looks.add({ at: Date.now(), by: 'client', id, status: body.status, attempt: body.attempt });
  }

  private async weigh({ running, process, records }: Member): Promise<void> {
    const bytes = running ? await process.residentBytes() : undefined;
    if (bytes !== undefined) records.at(-1)!.rss.push({ at: Date.now(), bytes });
  }

  /**
   * Measures how late the process answers the cheapest request, less what this process itself was late and what the machine kept the
   * other one waiting: what is left is its own event loop.
   */
  private async probe({ running, process, records, url }: Member): Promise<void> {
    if (!running) return;
    const record = records.at(-1)!;
    const before = await process.state();
    const waitedBefore = await process.waitedForProcessorMs();
    this.own.reset();
    const { status, ms } = await send(url, { path: '/livez', patience: PROBE_PATIENCE_MS, agent: this.agent });
    const starvedMs = (await process.waitedForProcessorMs()) - waitedBefore;
    const ownMs = this.own.max / 1e6 - RESOLUTION_MS;
    const stopped = before === 'T' || (await process.state()) === 'T';
    if (status === 200 && !stopped) record.delays.push({ at: Date.now(), ms: Math.max(0, ms - ownMs - starvedMs) });
  }
}
