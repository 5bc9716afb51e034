import { Logger } from '@nestjs/common';
import type { Announcer } from './announcer.js';
import { Batcher } from './batcher.js';
import { Draining, LeaseLost, StoreUnavailable } from './errors.js';
import { failPoint } from './faults/fail-point.js';
import { PermanentFailure } from './handler.js';
import { LeaseKeeper } from './lease-keeper.js';
import { complete, fail, handBack, type TaskIn, type Transition } from './lifecycle.js';
import type { HandlerRegistry, RegisteredType } from './registry.js';
import { AttemptTimeout, Run, WorkerStopping, failureOf } from './run.js';
import type { JsonText, Task } from './task.js';
import type { TaskStore } from './task-store.js';
import { NoTurn, Turns } from './turns.js';

export interface ExecutorOptions {
  workerId: string;
  leaseMs: number;
  /** How many handlers run side by side. */
  concurrency: number;
  /** Longest result, as JSON text, in bytes. */
  maxResultBytes: number;
  /** Told of every task that came to its end here. */
  onEnd?: (taskId: string) => void;
}

const MAX_BATCH = 200;
/** Under load, claims and settlements go to the store in rounds of so many milliseconds. */
const GAP_MS = 5;
/** Retries due within this time are announced by a timer; later ones by the sweeper. */
const SOON_MS = 15_000;
/** After a failed try to reach the store. */
const STORE_RETRY_MS = 500;
const IDLE_LOOK_MS = 20;
/** A claimed task that has found no free turn by then is handed back: the tasks before it turned out to be long. */
const TURN_MS = 500;
/** With more outcomes than this waiting to be written, no slot is given up before its outcome is. */
const MOST_UNSETTLED = 1_000;

/** What became of an announcement: the task was run and settled, it was not due or not ours to take, or another attempt took over meanwhile. */
export type Execution = 'settled' | 'skipped' | 'lost';

/** Runs announced tasks: claim, handler, settle. */
export class Executor {
  private readonly logger = new Logger(Executor.name);
  private readonly running = new Map<string, Run>();
  private readonly claims: Batcher<string, Task | undefined>;
  private readonly settlements: Batcher<Transition, boolean>;
  private readonly leases: LeaseKeeper;
  private readonly turns: Turns;
  /** Tasks between their announcement and their settlement, claimed or not yet. */
  private readonly underWay = new Set<string>();
  private draining = false;

  constructor(
    private readonly store: TaskStore,
    private readonly registry: HandlerRegistry,
    private readonly announcer: Announcer,
    private readonly options: ExecutorOptions,
  ) {
    const hopeless = (error: unknown) => error instanceof StoreUnavailable;
    this.claims = new Batcher((ids) => this.claimBatch(ids), { maxItems: MAX_BATCH, concurrency: 2, gapMs: GAP_MS, hopeless });
    this.settlements = new Batcher((transitions) => store.settle(transitions), {
      maxItems: MAX_BATCH,
      maxWeight: 4 * 1024 * 1024,
      weigh: ({ set }) => 200 + (set.result?.length ?? 0) * 3,
      concurrency: 2,
      gapMs: GAP_MS,
      hopeless,
    });
    this.turns = new Turns(options.concurrency);
    this.leases = new LeaseKeeper(store, this.running, options.leaseMs);
    this.leases.start();
  }

  /** How many tasks this process is running. */
  get load(): number {
    return this.running.size;
  }

  /**
   * Runs the task if it is due and nobody has it; resolves when its outcome is written.
   *
   * @param onRan called when the handler has ended and only the outcome is left to write: the next task can be given.
   * @throws Draining when this process takes no more tasks.
   */
  async execute(id: string, onRan: () => void = () => {}): Promise<Execution> {
    if (this.draining) throw new Draining();
    if (this.underWay.has(id)) return 'skipped';
    this.underWay.add(id);
    try {
      const run = await this.claim(id);
      return run ? await this.finish(run, onRan) : 'skipped';
    } finally {
      this.underWay.delete(id);
    }
  }

  /** Takes no more tasks, waits for the running ones, and after `graceMs` hands back what is left. */
  async drain(graceMs: number): Promise<void> {
    this.draining = true;
    await this.idle(graceMs);
    for (const run of this.running.values()) run.stop(new WorkerStopping());
    await this.idle(this.options.leaseMs);
    this.leases.stop();
  }

  /** Resolves when nothing is under way, or after `ms`. */
  private async idle(ms: number): Promise<void> {
    const deadline = performance.now() + ms;
    while (this.underWay.size > 0 && performance.now() < deadline) await pause(IDLE_LOOK_MS);
  }

  /** Claims the task; while the store is away it waits, which keeps the slot and so stops the flow of announcements. */
  private async claim(id: string): Promise<Run | undefined> {
    for (;;) {
      const askedAt = performance.now();
      try {
        const task = await this.claims.add(id);
        if (!task) return undefined;
        failPoint('after_claim');
        const run = new Run(task, askedAt + this.options.leaseMs);
        this.running.set(id, run);
        return run;
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error;
        await pause(STORE_RETRY_MS);
        if (this.draining) throw new Draining();
      }
    }
  }

  private async claimBatch(ids: string[]): Promise<(Task | undefined)[]> {
    const { workerId, leaseMs } = this.options;
    failPoint('before_claim');
    const tasks = await this.store.claim(ids, { workerId, leaseMs, types: this.registry.names() });
    const byId = new Map(tasks.map((task) => [task.id, task]));
    return ids.map((id) => byId.get(id));
  }

  private async finish(run: Run, onRan: () => void): Promise<Execution> {
    try {
      const transition = await this.attempt(run);
      if (this.settlements.size < MOST_UNSETTLED) onRan();
      failPoint('before_settle');
      if (!transition || !(await this.settle(run, transition))) {
        this.logger.warn(`Attempt ${run.task.attempt} of task ${run.task.id} lost its lease; its outcome is dropped.`);
        return 'lost';
      }
      failPoint('after_settle_before_ack');
      const { status, dueInMs } = transition.set;
      if (status !== 'PENDING') this.options.onEnd?.(run.task.id);
      else if (dueInMs! <= SOON_MS) this.announcer.announceIn(run.task, dueInMs!);
      return 'settled';
    } finally {
      this.running.delete(run.task.id);
    }
  }

  /** What the attempt leads to; undefined if the lease was lost on the way. */
  private async attempt(run: Run): Promise<Transition | undefined> {
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

  /** Runs the handler once. */
  private async run(run: Run): Promise<Transition | undefined> {
    const { task } = run;
    const type = this.registry.get(task.type);
    const timeoutSeconds = task.timeoutSeconds ?? type.timeoutSeconds;
    const timer = setTimeout(() => run.stop(new AttemptTimeout(timeoutSeconds)), timeoutSeconds * 1000);
    try {
      const result = await run.race(this.work(run, type));
      return complete(task as TaskIn<'PROCESSING'>, this.toJson(result));
    } catch (thrown) {
      // A handler that heeds the signal throws an error of its own; what counts is why it was told to stop.
      return this.outcome(run, run.reason ?? thrown);
    } finally {
      clearTimeout(timer);
    }
  }

  private outcome({ task }: Run, cause: unknown): Transition | undefined {
    const processing = task as TaskIn<'PROCESSING'>;
    if (cause instanceof LeaseLost) return undefined;
    if (cause instanceof WorkerStopping || cause instanceof NoTurn) return handBack(processing);
    return fail(processing, failureOf(cause, task.attempt), { retryable: !(cause instanceof PermanentFailure) });
  }

  private async work(run: Run, type: RegisteredType): Promise<unknown> {
    const { task } = run;
    const payload = type.payload ? Object.assign(new type.payload(), task.payload) : task.payload;
    return type.handler.run(payload, run);
  }

  /** @throws PermanentFailure if the result is no JSON or too large: no further attempt would mend that. */
  private toJson(result: unknown): JsonText {
    let json: string | undefined;
    try {
      json = JSON.stringify(result ?? null);
    } catch (error) {
      throw new PermanentFailure(`The handler's result is no JSON: ${(error as Error).message}`);
    }
    if (json === undefined) throw new PermanentFailure(`The handler's result is no JSON: it is a ${typeof result}.`);
    if (Buffer.byteLength(json) > this.options.maxResultBytes) {
      throw new PermanentFailure(`The handler's result is larger than ${this.options.maxResultBytes} bytes.`);
    }
    return json;
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

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
