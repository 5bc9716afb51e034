import { setTimeout as pause } from 'node:timers/promises';
import { send, type Answer } from '../support/http.js';
import type { Random } from '../support/random.js';
import type { Accepted } from '../support/api.js';
import type { HistoryLine, Status } from './evidence.js';
import type { Journal } from './journal.js';

/** One kind of work that the client submits. */
export interface Work {
  type: string;
  payload?: object;
  /** How it ends when all goes well; COMPLETED unless given. */
  expect?: Status | 'any';
  /** Further members of the submission, for instance `max_attempts`. */
  more?: object;
}

export interface LoadOptions {
  /** How many submissions are under way at any time; 4 unless given. */
  lines?: number;
  /** Pause of each line between two submissions, in milliseconds; 10 unless given. */
  pauseMs?: number;
  /** It picks one of these each time. */
  works?: readonly Work[];
  /** Submit with an Idempotency-Key, and again with the same until there is a clear answer. */
  keyed?: boolean;
  /** Stops by itself after so many submissions. */
  count?: number;
}

/** What one submission came to. */
export interface Outcome {
  submission: string;
  /** The task's id if it was accepted. */
  id?: string;
  status: number | 'no answer';
  ms: number;
  retryAfter?: string;
}

/** Calls a test.effect that needs no time. */
export const EFFECT: Work = { type: 'test.effect' };

/** Pause before a submission without a clear answer is tried again. */
const AGAIN_MS = 200;
/** A client gives up a submission after this time. */
const PATIENCE_MS = 60_000;
const ANSWER_MS = 10_000;

/** Submits tasks and keeps a history of what it asked and what it was told. */
export class Client {
  /** The ids of all accepted tasks, oldest first. */
  readonly accepted: string[] = [];
  private readonly loads: Load[] = [];
  private count = 0;

  /** @param doors the base URLs of the APIs; each request goes to one of them at random. */
  constructor(
    private readonly journal: Journal<HistoryLine>,
    private readonly random: Random,
    private readonly doors: () => readonly string[],
    private readonly keyPrefix: string,
  ) {}

  /** Submits once, or with a key until it is clear what became of it. */
  async submit(work: Work = EFFECT, options: { keyed?: boolean } = {}): Promise<Outcome> {
    const submission = `s${++this.count}`;
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const outcome = await this.try(submission, work, options.keyed ?? false);
      const clear = typeof outcome.status === 'number' && outcome.status < 500 && outcome.status !== 409;
      if (clear || !options.keyed || performance.now() > deadline) return outcome;
      await pause(AGAIN_MS);
    }
  }

  /** Submits so many at once; answers the ids of those that were accepted. */
  async submitMany(count: number, work: Work = EFFECT, options: { keyed?: boolean } = {}): Promise<string[]> {
    const outcomes = await Promise.all(Array.from({ length: count }, () => this.submit(work, options)));
    return outcomes.flatMap(({ id }) => id ?? []);
  }

  /** Submits one after another until it is stopped, or the scenario ends. */
  load(options: LoadOptions = {}): Load {
    const load = new Load(options, () => this.submit(this.random.pick(options.works ?? [EFFECT]), options));
    this.loads.push(load);
    return load;
  }

  async stopAll(): Promise<void> {
    await Promise.all(this.loads.map((load) => load.stop()));
  }

  private async try(submission: string, work: Work, keyed: boolean): Promise<Outcome> {
    const { type, payload, expect = 'COMPLETED', more } = work;
    this.journal.add({ what: 'invoke', at: Date.now(), submission, type, expect });
    const plain = type === 'plain' ? { title: 'One of many', description: 'A task of a fault scenario' } : { type };
    const sentAt = performance.now();
    let answer: Answer<Partial<Accepted>>;
    try {
      answer = await send<Partial<Accepted>>(this.random.pick(this.doors()), {
        method: 'POST',
        path: '/api/tasks',
        headers: keyed ? { 'idempotency-key': `${this.keyPrefix}-${submission}` } : {},
        body: { ...plain, payload, metadata: { submission }, ...more },
        patience: ANSWER_MS,
      });
    } catch (error) {
      const ms = performance.now() - sentAt;
      this.journal.add({ what: 'info', at: Date.now(), submission, why: (error as Error).message, ms });
      return { submission, status: 'no answer', ms };
    }
    const { status, ms, body } = answer;
    const id = body?.task_id;
    if (status >= 200 && status < 300 && id) {
      this.journal.add({ what: 'ok', at: Date.now(), submission, id, ms });
      this.accepted.push(id);
    }
    // A 503 leaves it open: the database may have committed what it did not answer any more. A 409: the first try is under way.
    else if (status >= 500 || status === 409) {
      this.journal.add({ what: 'info', at: Date.now(), submission, why: String(status), ms });
    } else this.journal.add({ what: 'fail', at: Date.now(), submission, status, ms });
    return { submission, status, id, ms, retryAfter: answer.headers['retry-after'] };
  }
}

/** Submissions that go on while something else happens. */
export class Load {
  readonly outcomes: Outcome[] = [];
  /** Resolves when it has stopped, by itself or by {@link stop}. */
  readonly done: Promise<unknown>;
  private stopped = false;
  private begun = 0;

  constructor(options: LoadOptions, submit: () => Promise<Outcome>) {
    const { lines = 4, pauseMs = 10, count = Infinity } = options;
    this.done = Promise.all(
      Array.from({ length: lines }, async () => {
        while (!this.stopped && this.begun++ < count) {
          const outcome = await submit();
          this.outcomes.push(outcome);
          await pause(outcome.status === 'no answer' ? Math.max(pauseMs, AGAIN_MS) : pauseMs);
        }
      }),
    );
  }

  /** Ids that were accepted so far. */
  get accepted(): string[] {
    return this.outcomes.flatMap(({ id }) => id ?? []);
  }

  /** Resolves when the last submission is answered. */
  async stop(): Promise<Outcome[]> {
    this.stopped = true;
    await this.done;
    return this.outcomes;
  }
}
