import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { SOON_MS, type Announcer } from './announcer.js';
import { Draining, StoreUnavailable } from './errors.js';
import { Attempts, type AttemptOptions } from './execution/attempts.js';
import { STORE_RETRY_MS } from './execution/batches.js';
import { Claims, type ClaimOptions } from './execution/claims.js';
import { DetachedLane } from './execution/detached-lane.js';
import { Reminder } from './execution/reminder.js';
import { Settlements } from './execution/settlements.js';
import { failPoint } from './faults/fail-point.js';
import type { FileStorage } from './file-storage.js';
import { companyFor, isCompany, Isolation, suffices, type Company } from './isolation.js';
import { LeaseKeeper } from './lease-keeper.js';
import { handBack } from './lifecycle.js';
import type { HandlerRegistry } from './registry.js';
import { Reporter } from './reporter.js';
import { Run, WorkerStopping } from './run.js';
import type { ClaimedTask, FinalStatus, NewTask } from './task.js';
import { UNOBSERVED, type TaskObserver } from './task-observer.js';
import type { TaskStore } from './task-store.js';

export interface ExecutorOptions extends ClaimOptions, AttemptOptions {
  /** A task whose worker went away this often FAILS. */
  maxCrashes: number;
  observer?: TaskObserver;
}

const IDLE_LOOK_MS = 20;
/** With more outcomes than this waiting to be written, no slot is given up before its outcome is. */
const MOST_UNSETTLED = 1_000;

/**
 * What became of an announcement: the task was run and settled, it was not due or not ours to take, another attempt took over meanwhile,
 * or the task runs on in a lane of its own.
 */
export type Execution = 'settled' | 'skipped' | 'lost' | 'detached';

/** Runs announced tasks: claim, handler, settle. */
export class Executor {
  private readonly logger = new Logger(Executor.name);
  private readonly running = new Map<string, Run>();
  /** Tasks between their announcement and their settlement, claimed or not yet. */
  private readonly underWay = new Set<string>();
  private readonly claims: Claims;
  private readonly attempts: Attempts;
  private readonly settlements: Settlements;
  private readonly detached = new DetachedLane();
  private readonly isolation: Isolation;
  private readonly reminder: Reminder;
  private readonly leases: LeaseKeeper;
  readonly reporter: Reporter;
  private readonly observer: TaskObserver;
  private draining = false;

  constructor(
    readonly store: TaskStore,
    readonly storage: FileStorage,
    private readonly registry: HandlerRegistry,
    private readonly announcer: Announcer,
    private readonly options: ExecutorOptions,
  ) {
    this.observer = options.observer ?? UNOBSERVED;
    this.claims = new Claims(store, registry, announcer, options, this.observer);
    this.attempts = new Attempts(registry, options, this.observer);
    this.settlements = new Settlements(store);
    this.isolation = new Isolation(options.concurrency);
    this.reminder = new Reminder(store, () => this.waiting());
    this.reporter = new Reporter(store);
    this.leases = new LeaseKeeper(store, this.running, options.leaseMs);
    this.leases.start();
  }

  /** How many tasks this process is running. */
  get load(): number {
    return this.running.size;
  }

  get workerId(): string {
    return this.options.workerId;
  }

  /** The tasks that this process is running, as they were claimed. */
  tasks(): ClaimedTask[] {
    return [...this.running.values()].map(({ task }) => task);
  }

  /**
   * Runs the task if it is due and nobody has it; resolves when its outcome is written.
   *
   * @param onRan called when the handler has ended and only the outcome is left to write: the next task can be given.
   * @throws Draining when this process takes no more tasks.
   */
  async execute(id: string, onRan: () => void = () => {}): Promise<Execution> {
    if (this.draining) throw new Draining();
    if (this.underWay.has(id) || this.detached.has(id)) {
      this.observer.duplicatesFenced(1);
      return 'skipped';
    }
    this.underWay.add(id);
    try {
      return await this.inCompany(id, 'any', onRan);
    } finally {
      this.underWay.delete(id);
    }
  }

  /** Takes no more tasks, waits for the running ones, and after `graceMs` hands back what is left. */
  async drain(graceMs: number): Promise<void> {
    this.draining = true;
    this.isolation.end();
    await this.idle(graceMs);
    for (const run of this.running.values()) run.stop(new WorkerStopping());
    await this.idle(this.options.leaseMs);
    this.leases.stop();
    this.reminder.stop();
  }

  /** Resolves when nothing is under way, or after `ms`. */
  private async idle(ms: number): Promise<void> {
    const deadline = performance.now() + ms;
    while (this.underWay.size + this.detached.size > 0 && performance.now() < deadline) await pause(IDLE_LOOK_MS);
  }

  /** Claims the task and runs it. If it turns out that it must run in stricter company, it is handed back and waits for that. */
  private async inCompany(id: string, company: Company, onRan: () => void): Promise<Execution> {
    const outcome = await this.isolation.within(company, () => this.claimAndFinish(id, company, onRan));
    if (isCompany(outcome)) {
      // What waits for its company need not keep others from going on.
      if (this.underWay.size < MOST_UNSETTLED) onRan();
      return this.inCompany(id, outcome, onRan);
    }
    if (outcome !== undefined) return outcome;
    if (this.draining) throw new Draining();
    this.reminder.putOff(id);
    return 'skipped';
  }

  private async claimAndFinish(id: string, company: Company, onRan: () => void): Promise<Execution | Company> {
    const run = await this.claim(id);
    if (!run) return 'skipped';
    if (this.registry.get(run.task.type).detached) {
      this.detached.take(
        id,
        this.finish(run, () => {}).finally(() => this.forget(run)),
      );
      return 'detached';
    }
    try {
      return await this.finishIn(company, run, onRan);
    } finally {
      this.forget(run);
    }
  }

  /** Claims the task; while the store is away it waits, which keeps the slot and so stops the flow of announcements. */
  private async claim(id: string): Promise<Run | undefined> {
    for (let tries = 1; ; tries++) {
      if (this.draining) throw new Draining();
      try {
        const askedAt = performance.now();
        const task = await this.claims.claim(id);
        if (!task) return undefined;
        failPoint('after_claim');
        const run = new Run(task, askedAt + this.options.leaseMs, this);
        // An earlier try may have been granted and only its answer lost: then the lease has been running since.
        if (tries > 1 && !(await this.leases.renew(run))) return undefined;
        this.running.set(id, run);
        return run;
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error;
        await pause(STORE_RETRY_MS);
      }
    }
  }

  /** Runs the task if the company is what it asks for, or can be made so at once. Otherwise answers what it asks for. */
  private async finishIn(company: Company, run: Run, onRan: () => void): Promise<Execution | Company> {
    const asked = companyFor(run.task, this.registry.maxCrashes(run.task.type, this.options.maxCrashes));
    if (suffices(company, asked)) return this.finish(run, onRan);
    const release = this.isolation.narrow(asked);
    if (!release) return (await this.settlements.settle(run, handBack(run.task))) ? asked : 'lost';
    try {
      return await this.finish(run, onRan);
    } finally {
      release();
    }
  }

  private async finish(run: Run, onRan: () => void): Promise<Execution> {
    const transition = await this.attempts.attempt(run);
    if (this.settlements.size < MOST_UNSETTLED) onRan();
    if (run.notes && transition) await this.reporter.lastWords(run.notes);
    failPoint('before_settle');
    if (!transition || !(await this.settlements.settle(run, transition))) {
      this.observer.duplicatesFenced(1);
      this.logger.warn(`Attempt ${run.task.attempt} of task ${run.task.id} lost its lease; its outcome is dropped.`);
      return 'lost';
    }
    failPoint('after_settle_before_ack');
    if (transition.follow) this.announceFollowing(transition.follow);
    const { status, dueInMs } = transition.set;
    if (status !== 'PENDING') this.observer.finished(run.task.type, status as FinalStatus);
    else if (dueInMs! <= SOON_MS) this.announcer.announceIn(run.task, dueInMs!);
    return 'settled';
  }

  private announceFollowing(tasks: readonly NewTask[]): void {
    failPoint('after_settle_before_callback');
    for (const task of tasks) {
      this.observer.submitted(task.type);
      this.announcer.announce(task);
    }
  }

  private forget(run: Run): void {
    if (run.notes) this.reporter.forget(run.notes);
    this.running.delete(run.task.id);
  }

  /** The tasks that wait for their company. */
  private waiting(): string[] {
    return this.isolation.busy ? [...this.underWay].filter((id) => !this.running.has(id)) : [];
  }
}
