import { backoffMs, retryPolicy } from '../backoff.js';
import { LeaseLost } from '../errors.js';
import { NotNow, PermanentFailure, TransientFailure } from '../handler.js';
import { complete, fail, handBack, type Transition } from '../lifecycle.js';
import type { HandlerRegistry, RegisteredType } from '../registry.js';
import { resultJson } from '../result.js';
import { AttemptTimeout, WorkerStopping, failureOf, type Run } from '../run.js';
import type { ClaimedTask } from '../task.js';
import type { TaskObserver } from '../task-observer.js';
import { PassingTracer, type SpanOptions, type Tracer } from '../tracer.js';
import { NoTurn, Turns } from '../turns.js';

/** A claimed task that has found no free turn by then is handed back: the tasks before it turned out to be long. */
const TURN_MS = 500;
/** Detached tasks that run here side by side: each is little more than a socket. */
const MOST_DETACHED = 1_000;
/** Those that find no turn come back then, or up to twice as late. */
const DETACHED_AGAIN_MS = 15_000;

export interface AttemptOptions {
  /** How many handlers run side by side. */
  concurrency: number;
  /** Longest result, as JSON text, in bytes. */
  maxResultBytes: number;
  tracer?: Tracer;
}

/** What an attempt leads to; undefined if the lease was lost on the way. */
export type AttemptOutcome = Transition | undefined;

/** Runs the handlers of claimed tasks, so many at once. */
export class Attempts {
  private readonly turns: Turns;
  private readonly detachedTurns = new Turns(MOST_DETACHED);
  private readonly tracer: Tracer;

  constructor(
    private readonly registry: HandlerRegistry,
    private readonly options: AttemptOptions,
    private readonly observer: TaskObserver,
  ) {
    this.tracer = options.tracer ?? new PassingTracer();
    this.turns = new Turns(options.concurrency);
  }

  /** Runs the handler once, when it has its turn. */
  attempt(run: Run): Promise<AttemptOutcome> {
    const type = this.registry.get(run.task.type);
    if (type.detached) return this.detached(run, type);
    return this.turns.takeFree() ? this.inTurn(run, type, this.turns) : this.whenTurn(run, type);
  }

  private async whenTurn(run: Run, type: RegisteredType): Promise<AttemptOutcome> {
    const turn = this.turns.wait(TURN_MS);
    try {
      await run.race(turn);
    } catch (thrown) {
      const giveBack = () => this.turns.giveBack();
      turn.then(giveBack, () => {});
      return this.outcome(run, run.reason ?? thrown);
    }
    return this.inTurn(run, type, this.turns);
  }

  /** Nobody waits in line here: whoever does holds a lease that has to be renewed. */
  private async detached(run: Run, type: RegisteredType): Promise<AttemptOutcome> {
    if (this.detachedTurns.takeFree()) return this.inTurn(run, type, this.detachedTurns);
    return this.outcome(run, new NotNow('All turns are taken.', DETACHED_AGAIN_MS * (1 + Math.random())));
  }

  /** Has a turn, and gives it back when the handler has ended. */
  private async inTurn(run: Run, type: RegisteredType, turns: Turns): Promise<AttemptOutcome> {
    const { task } = run;
    const timeoutSeconds = task.timeoutSeconds ?? type.timeoutSeconds;
    const timer = setTimeout(() => run.stop(new AttemptTimeout(timeoutSeconds)), timeoutSeconds * 1000);
    const startedAt = performance.now();
    this.observer.started(task.type, task.waitedMs + startedAt - run.startedAt);
    try {
      const result = await run.race(this.handle(run, type));
      return complete(task, resultJson(result, this.options.maxResultBytes));
    } catch (thrown) {
      // A handler that heeds the signal throws an error of its own; what counts is why it was told to stop.
      return this.outcome(run, run.reason ?? thrown);
    } finally {
      clearTimeout(timer);
      this.observer.ran(task.type, performance.now() - startedAt);
      turns.giveBack();
    }
  }

  private async handle(run: Run, { payload, handler }: RegisteredType): Promise<unknown> {
    const { task } = run;
    const given = payload ? Object.assign(new payload(), task.payload) : task.payload;
    if (task.traceparent === null) return handler.run(given, run);
    return this.tracer.follow(task.traceparent).span(spanOf(task), async (trace) => {
      run.trace = trace;
      return handler.run(given, run);
    });
  }

  private outcome({ task }: Run, cause: unknown): AttemptOutcome {
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
