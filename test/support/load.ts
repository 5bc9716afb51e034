import { Api, type Accepted, type Body } from './api.js';
import type { Deployment } from './deployment.js';
import type { Headers } from './http.js';

/** What became of one submission: an answer, or no answer. */
export interface Outcome {
  status: number | 'no answer';
  ms: number;
  taskId?: string;
  retryAfter?: string;
  /** Milliseconds of `performance.now()` when it was sent. */
  sentAt: number;
}

export interface LoadOptions {
  /** How many submissions are under way at any time. */
  lines?: number;
  /** Pause of each line between two submissions, in milliseconds. */
  pauseMs?: number;
  next?: () => { body: Body; headers?: Headers };
}

/** Clients that submit one task after another until they are stopped, and remember what they were answered. */
export class Load {
  readonly outcomes: Outcome[] = [];
  private stopped = false;
  private readonly lines: Promise<void>[];

  constructor(
    private readonly api: Api,
    private readonly options: LoadOptions,
  ) {
    this.lines = Array.from({ length: options.lines ?? 4 }, () => this.run());
  }

  /** Resolves when the last submission is answered. */
  async stop(): Promise<Outcome[]> {
    this.stopped = true;
    await Promise.all(this.lines);
    return this.outcomes;
  }

  /** Ids of the submissions that were accepted so far. */
  get accepted(): string[] {
    return acceptedOf(this.outcomes);
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      this.outcomes.push(await this.submit());
      await new Promise((resolve) => setTimeout(resolve, this.options.pauseMs ?? 0));
    }
  }

  private async submit(): Promise<Outcome> {
    const { body, headers } = this.options.next?.() ?? { body: { title: 'Load', description: 'One of many' } };
    const sentAt = performance.now();
    try {
      const answer = await this.api.submit<Partial<Accepted>>(body, headers);
      const taskId = answer.status === 202 ? answer.body.task_id : undefined;
      return { status: answer.status, ms: answer.ms, taskId, retryAfter: answer.headers['retry-after'], sentAt };
    } catch {
      return { status: 'no answer', ms: performance.now() - sentAt, sentAt };
    }
  }
}

/** The ids that were answered with 202. */
export function acceptedOf(outcomes: readonly Outcome[]): string[] {
  return outcomes.flatMap(({ status, taskId }) => (status === 202 && taskId ? [taskId] : []));
}

/** Clients at every API of a deployment. */
export function loadOn({ apis }: Pick<Deployment, 'apis'>): Load {
  return new Load(new Api(...apis.map(({ url }) => url)), { lines: 4, pauseMs: 10 });
}

/** The middle one. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
