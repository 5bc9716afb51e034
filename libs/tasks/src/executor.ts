import { Logger } from '@nestjs/common';
import { SOON_MS, type Announcer } from './announcer.js';
import { backoffMs, retryPolicy } from './backoff.js';
import { Batcher } from './batcher.js';
import { Draining, LeaseLost, StoreUnavailable } from './errors.js';
import { failPoint } from './faults/fail-point.js';
import { NotNow, PermanentFailure, TransientFailure } from './handler.js';
import type { FileStorage } from './file-storage.js';
import { companyFor, Isolation, suffices, type Company } from './isolation.js';
import { LeaseKeeper } from './lease-keeper.js';
import { complete, fail, handBack, type Transition } from './lifecycle.js';
import type { Pauses } from './queues/pauses.js';
import type { HandlerRegistry, RegisteredType } from './registry.js';
import { Reporter } from './reporter.js';
import { AttemptTimeout, Run, WorkerStopping, failureOf } from './run.js';
import { resultJson } from './result.js';
import type { ClaimedTask, FinalStatus, NewTask } from './task.js';
import { UNOBSERVED, type TaskObserver } from './task-observer.js';
import type { TaskStore } from './task-store.js';
import { PassingTracer, type SpanOptions, type Tracer } from './tracer.js';
import { NoTurn, Turns } from './turns.js';
import { Unclaimed } from './unclaimed.js';

export interface ExecutorOptions {
  workerId: string;
  leaseMs: number;
  /** How many handlers run side by side. */
  concurrency: number;
  /** A task whose worker went away this often FAILS. */
  maxCrashes: number;
  /** Longest result, as JSON text, in bytes. */
  maxResultBytes: number;
  /** Told of every task that came to its end here. */
  onEnd?: (taskId: string) => void;
  /** True while something else in this process should go first. */
  mustYield?: () => boolean;
  /** The queues whose tasks are left alone; none unless given. */
  pauses?: Pauses;
  observer?: TaskObserver;
  tracer?: Tracer;
}

const MAX_BATCH = 200;
/** Under load, claims and settlements go to the store in rounds of so many milliseconds. */
const GAP_MS = 5;
/** Between two rounds of claims while something else goes first: 25 rounds a second, each of as many tasks as there are slots. */
const YIELDING_GAP_MS = 40;
/** After a failed try to reach the store. */
const STORE_RETRY_MS = 500;
const IDLE_LOOK_MS = 20;
/** A claimed task that has found no free turn by then is handed back: the tasks before it turned out to be long. */
const TURN_MS = 500;
/** With more outcomes than this waiting to be written, no slot is given up before its outcome is. */
const MOST_UNSETTLED = 1_000;

/** What waits here for its company is announced again so long after this process was last heard of. */
const REMIND_AFTER_MS = 4_000;
const REMIND_EVERY_MS = 2_000;
/** A last chance that was put off is announced again then. */
const PUT_OFF_MS = 30_000;

/** Detached tasks that run here side by side: each is little more than a socket. */
const MOST_DETACHED = 1_000;
/** Those that find no turn come back then, or up to twice as late. */
const DETACHED_AGAIN_MS = 15_000;

/**
 * What became of an announcement: the task was run and settled, it was not due or not ours to take, another attempt took over meanwhile,
 * or the task runs on in a lane of its own.
 */
export type Execution = 'settled' | 'skipped' | 'lost' | 'detached';

/** Runs announced tasks: claim, handler, settle. */
export class Executor {
  private readonly logger = new Logger(Executor.name);
  private readonly running = new Map<string, Run>();
  private readonly claims: Batcher<string, ClaimedTask | undefined>;
  private readonly settlements: Batcher<Transition, boolean>;
  private readonly leases: LeaseKeeper;
  readonly reporter: Reporter;
  private readonly turns: Turns;
  private readonly isolation: Isolation;
  private readonly unclaimed: Unclaimed;
  /** Tasks between their announcement and their settlement, claimed or not yet. */
  private readonly underWay = new Set<string>();
  private readonly detached = new Set<string>();
  private readonly detachedTurns = new Turns(MOST_DETACHED);
  private readonly reminder: NodeJS.Timeout;
  private readonly observer: TaskObserver;
  private readonly tracer: Tracer;
  private draining = false;

  constructor(
    readonly store: TaskStore,
    readonly storage: FileStorage,
    private readonly registry: HandlerRegistry,
    private readonly announcer: Announcer,
    private readonly options: ExecutorOptions,
  ) {
    const hopeless = (error: unknown) => error instanceof StoreUnavailable;
    this.observer = options.observer ?? UNOBSERVED;
    this.tracer = options.tracer ?? new PassingTracer();
    this.claims = new Batcher((ids) => this.claimBatch(ids), {
      maxItems: MAX_BATCH,
      concurrency: 2,
      gapMs: () => (options.mustYield?.() ? YIELDING_GAP_MS : GAP_MS),
      hopeless,
    });
    this.settlements = new Batcher((transitions) => store.settle(transitions), {
      maxItems: MAX_BATCH,
      maxWeight: 4 * 1024 * 1024,
      weigh: ({ set }) => 200 + (set.result?.length ?? 0) * 3,
      concurrency: 2,
      gapMs: () => GAP_MS,
      hopeless,
    });
    this.reporter = new Reporter(store);
    this.turns = new Turns(options.concurrency);
    this.isolation = new Isolation(options.concurrency);
    this.unclaimed = new Unclaimed(store, registry, announcer, this.observer, options.pauses);
    this.leases = new LeaseKeeper(store, this.running, options.leaseMs);
    this.leases.start();
    this.reminder = setInterval(() => this.remind(), REMIND_EVERY_MS).unref();
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
    clearInterval(this.reminder);
  }

  /** Resolves when nothing is under way, or after `ms`. */
  private async idle(ms: number): Promise<void> {
    const deadline = performance.now() + ms;
    while (this.underWay.size + this.detached.size > 0 && performance.now() < deadline) await pause(IDLE_LOOK_MS);
  }

  /** Claims the task and runs it. If it turns out that it must run in stricter company, it is handed back and waits for that. */
  private async inCompany(id: string, company: Company, onRan: () => void): Promise<Execution> {
    const outcome = await this.isolation.within(company, async () => {
      const run = await this.claim(id);
      if (!run) return 'skipped';
      if (this.registry.get(run.task.type).detached) return this.detach(run);
      try {
        return await this.finishApart(run, company, onRan);
      } finally {
        this.forget(run);
      }
    });
    if (outcome === 'any' || outcome === 'few' || outcome === 'none') {
      // What waits for its company need not keep others from going on.
      if (this.underWay.size < MOST_UNSETTLED) onRan();
      return this.inCompany(id, outcome, onRan);
    }
    if (outcome !== undefined) return outcome;
    if (this.draining) throw new Draining();
    this.announceAgain([id], PUT_OFF_MS);
    return 'skipped';
  }

  /** Lets the task run on by itself: the lease covers it, and neither its message nor its slot need wait for its end. */
  private detach(run: Run): Execution {
    const { id } = run.task;
    this.detached.add(id);
    this.finish(run, () => {})
      .catch((error: Error) => this.logger.error(`Task ${id} could not be settled: ${error.message}`))
      .finally(() => {
        this.forget(run);
        this.detached.delete(id);
      });
    return 'detached';
  }

  private forget(run: Run): void {
    if (run.notes) this.reporter.forget(run.notes);
    this.running.delete(run.task.id);
  }

  /** The messages of what waits long for its company are acknowledged: if this process dies, the sweeper must not take long to notice. */
  private remind(): void {
    if (!this.isolation.busy) return;
    this.announceAgain(
      [...this.underWay].filter((id) => !this.running.has(id)),
      REMIND_AFTER_MS,
    );
  }

  private announceAgain(ids: readonly string[], inMs: number): void {
    this.store
      .markAnnounced(ids, inMs)
      .catch((error: Error) => this.logger.warn(`Waiting tasks were not noted: ${error.message}`));
  }

  private async finishApart(run: Run, company: Company, onRan: () => void): Promise<Execution | Company> {
    const asked = companyFor(run.task, this.options.maxCrashes);
    if (suffices(company, asked)) return this.finish(run, onRan);
    const release = this.isolation.narrow(asked);
    if (!release) return (await this.settle(run, handBack(run.task))) ? asked : 'lost';
    try {
      return await this.finish(run, onRan);
    } finally {
      release();
    }
  }

  /** Claims the task; while the store is away it waits, which keeps the slot and so stops the flow of announcements. */
  private async claim(id: string): Promise<Run | undefined> {
    for (let tries = 1; ; tries++) {
      if (this.draining) throw new Draining();
      try {
        const askedAt = performance.now();
        const task = await this.claims.add(id);
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

  private async claimBatch(ids: string[]): Promise<(ClaimedTask | undefined)[]> {
    const { workerId, leaseMs, pauses } = this.options;
    const types = this.registry.names();
    failPoint('before_claim');
    const tasks = await this.store.claim(ids, { workerId, leaseMs, types: pauses?.open(types) ?? types });
    const byId = new Map(tasks.map((task) => [task.id, task]));
    if (byId.size < ids.length) void this.unclaimed.lookAfter(ids.filter((id) => !byId.has(id)));
    return ids.map((id) => byId.get(id));
  }

  private async finish(run: Run, onRan: () => void): Promise<Execution> {
    const transition = await this.attempt(run);
    if (this.settlements.size < MOST_UNSETTLED) onRan();
    if (run.notes && transition) await this.reporter.lastWords(run.notes);
    failPoint('before_settle');
    if (!transition || !(await this.settle(run, transition))) {
      this.observer.duplicatesFenced(1);
      this.logger.warn(`Attempt ${run.task.attempt} of task ${run.task.id} lost its lease; its outcome is dropped.`);
      return 'lost';
    }
    failPoint('after_settle_before_ack');
    if (transition.follow) this.announceFollowing(transition.follow);
    const { status, dueInMs } = transition.set;
    if (status !== 'PENDING') this.ended(run.task, status as FinalStatus);
    else if (dueInMs! <= SOON_MS) this.announcer.announceIn(run.task, dueInMs!);
    return 'settled';
  }

  private ended({ id, type }: ClaimedTask, status: FinalStatus): void {
    this.observer.finished(type, status);
    this.options.onEnd?.(id);
  }

  private announceFollowing(tasks: readonly NewTask[]): void {
    failPoint('after_settle_before_callback');
    for (const task of tasks) {
      this.observer.submitted(task.type);
      this.announcer.announce(task);
    }
  }

  /** What the attempt leads to; undefined if the lease was lost on the way. */
  private async attempt(run: Run): Promise<Transition | undefined> {
    if (this.registry.get(run.task.type).detached) return this.attemptDetached(run);
    if (!this.turns.takeFree()) {
      const turn = this.turns.wait(TURN_MS);
      try {
        await run.race(turn);
      } catch (thrown) {
        const giveBack = () => this.turns.giveBack();
        turn.then(giveBack, () => {});
        return this.outcome(run, run.reason ?? thrown);
      }
    }
    try {
      return await this.run(run);
    } finally {
      this.turns.giveBack();
    }
  }

  /** Nobody waits in line here: whoever does holds a lease that has to be renewed. */
  private async attemptDetached(run: Run): Promise<Transition | undefined> {
    if (!this.detachedTurns.takeFree())
      return this.outcome(run, new NotNow('All turns are taken.', DETACHED_AGAIN_MS * (1 + Math.random())));
    try {
      return await this.run(run);
    } finally {
      this.detachedTurns.giveBack();
    }
  }

  /** Runs the handler once. */
  private async run(run: Run): Promise<Transition | undefined> {
    const { task } = run;
    const type = this.registry.get(task.type);
    const timeoutSeconds = task.timeoutSeconds ?? type.timeoutSeconds;
    const timer = setTimeout(() => run.stop(new AttemptTimeout(timeoutSeconds)), timeoutSeconds * 1000);
    const startedAt = performance.now();
    this.observer.started(task.type, task.waitedMs + startedAt - run.startedAt);
    try {
      const result = await run.race(this.work(run, type));
      return complete(task, resultJson(result, this.options.maxResultBytes));
    } catch (thrown) {
      // A handler that heeds the signal throws an error of its own; what counts is why it was told to stop.
      return this.outcome(run, run.reason ?? thrown);
    } finally {
      clearTimeout(timer);
      this.observer.ran(task.type, performance.now() - startedAt);
    }
  }

  private outcome({ task }: Run, cause: unknown): Transition | undefined {
    if (cause instanceof LeaseLost) return undefined;
    if (cause instanceof NotNow) return handBack(task, Math.round(cause.againInMs));
    if (cause instanceof WorkerStopping || cause instanceof NoTurn) return handBack(task);
    return fail(task, failureOf(cause, task.attempt), {
      retryable: !(cause instanceof PermanentFailure),
      dueInMs: this.waitAfter(cause, task),
    });
  }

  private waitAfter(cause: unknown, { type, retry, failures }: ClaimedTask): number {
    const retryAfterMs = cause instanceof TransientFailure ? cause.retryAfterMs : undefined;
    return backoffMs(failures + 1, retryPolicy(retry, this.registry.get(type).retry), retryAfterMs);
  }

  private async work(run: Run, type: RegisteredType): Promise<unknown> {
    const { task } = run;
    const payload = type.payload ? Object.assign(new type.payload(), task.payload) : task.payload;
    if (task.traceparent === null) return type.handler.run(payload, run);
    return this.tracer.follow(task.traceparent).span(spanOf(task), async (trace) => {
      run.trace = trace;
      return type.handler.run(payload, run);
    });
  }

  /** Writes the outcome; while the store is away it keeps trying as long as the lease lives. False if the lease was lost. */
  private async settle(run: Run, transition: Transition): Promise<boolean> {
    for (;;) {
      try {
        return await this.settlements.add(transition);
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error;
        if (performance.now() + STORE_RETRY_MS > run.leaseEndsAt) return false;
        await pause(STORE_RETRY_MS);
      }
    }
  }
}

function spanOf({ id, type, attempt, waitedMs }: ClaimedTask): SpanOptions {
  const attributes = {
    'taskwell.task_id': id,
    'taskwell.type': type,
    'taskwell.attempt': attempt,
    'taskwell.waited_ms': waitedMs,
  };
  return { kind: 'consumer', name: `run ${type}`, attributes };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
