import { setTimeout as pause } from 'node:timers/promises';
import { Inject } from '@nestjs/common';
import { ArrayMinSize, IsArray } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { Settings } from '@app/config';
import { Egress, EgressFailure, retryAfterMs, type EgressAnswer } from '@app/egress';
import { TaskHandler, classSchema, type Handler, type TaskContext, type Violation, traced } from '@app/tasks';
import { FetchItem, violationsOfItem } from './fetch-item.js';
import { IsErrors, IsResults, ItemResult } from './item-result.js';

/** Requests of one task that are under way at once. */
const SIDE_BY_SIDE = 16;
/** For one try, from the name to the last byte. */
const TRY_MS = 30_000;
const MAX_REDIRECTS = 5;
/** Tries of one item that fails in a way that may pass. */
const MAX_TRIES = 3;
const FIRST_PAUSE_MS = 500;
/** A server that asks for more patience than that gets no further try. */
const LONGEST_PAUSE_MS = 10_000;
const MAY_PASS = new Set([429, 502, 503, 504]);
/** Enough of them to mend a payload by. */
const MAX_VIOLATIONS = 100;

export class FetchUrls {
  /** The requests, any number. */
  @JSONSchema({ items: classSchema(FetchItem) })
  @IsArray({ message: 'must be an array' })
  @ArrayMinSize(1, { message: 'must hold at least one item' })
  items!: FetchItem[];
}

export class FetchedUrls {
  @IsResults({ description: 'Any JSON value.' }, 'The JSON answers, each under the name of its item.')
  results!: Record<string, unknown>[];

  @IsErrors()
  errors!: Record<string, string>[];
}

type Outcome = { json: unknown } | { reason: string };

/** Fetches URLs. GETs are safe to repeat; every POST carries an Idempotency-Key that is the same when the task runs again. */
@TaskHandler({
  type: 'http.fetch',
  title: 'Fetch URLs',
  description:
    'Fetches URLs side by side. JSON answers are in results, everything else in errors, each under the name of its item; one that ' +
    'fails does not fail the others. A failure that may pass (no connection, no answer in time, 429, 502 to 504) is tried up to ' +
    `${MAX_TRIES} times. Up to ${MAX_REDIRECTS} redirects are followed; private addresses are not reached.`,
  payload: FetchUrls,
  result: FetchedUrls,
  timeoutSeconds: 900,
})
export class HttpFetchHandler implements Handler<FetchUrls, FetchedUrls> {
  constructor(
    @Inject(Egress) private readonly egress: Egress,
    @Inject(Settings) private readonly settings: Settings,
  ) {}

  check({ items }: FetchUrls): Violation[] {
    const violations: Violation[] = [];
    for (const [index, item] of items.entries()) {
      violations.push(...violationsOfItem(item, `/items/${index}`, this.egress.policy));
      if (violations.length >= MAX_VIOLATIONS) break;
    }
    return violations;
  }

  async run({ items }: FetchUrls, context: TaskContext): Promise<FetchedUrls> {
    const { taskId, progress } = context;
    const names = items.map(({ name }) => name);
    const fetched = new ItemResult<unknown>(names, this.settings.maxResultBytes);
    let done = 0;
    progress(done, items.length);
    const outcomes = await sideBySide(items, SIDE_BY_SIDE, async (item, index) => {
      const outcome = await this.fetch(item, `${taskId}-${index}`, context);
      progress(++done, items.length);
      return outcome;
    });
    for (const [index, outcome] of outcomes.entries()) {
      if ('json' in outcome) fetched.add(index, outcome.json);
      else fetched.fail(index, outcome.reason);
    }
    return fetched.lists();
  }

  /** Tries until there is an answer that stays. @throws the reason of the signal */
  private async fetch(item: FetchItem, key: string, context: TaskContext): Promise<Outcome> {
    const { signal } = context;
    for (let tries = 1; ; tries++) {
      const { outcome, againInMs } = await this.try(item, key, tries, context);
      if (againInMs === undefined || againInMs > LONGEST_PAUSE_MS || tries === MAX_TRIES) return outcome;
      await pause(againInMs, undefined, { signal });
    }
  }

  private async try(
    item: FetchItem,
    key: string,
    tries: number,
    { signal, trace }: TaskContext,
  ): Promise<{ outcome: Outcome; againInMs?: number }> {
    const backoffMs = FIRST_PAUSE_MS * 2 ** (tries - 1) * (0.5 + Math.random() / 2);
    signal.throwIfAborted();
    try {
      const answer = await traced(trace, item.method, item.url, (ofTrace) =>
        this.egress.send({
          ...requestOf(item, key, ofTrace),
          timeoutMs: TRY_MS,
          maxBytes: this.settings.maxResultBytes,
          larger: 'refuse',
          maxRedirects: MAX_REDIRECTS,
          signal,
        }),
      );
      if (!MAY_PASS.has(answer.status)) return { outcome: outcomeOf(answer) };
      return { outcome: outcomeOf(answer), againInMs: retryAfterMs(answer.headers['retry-after'], Infinity) ?? backoffMs };
    } catch (error) {
      if (!(error instanceof EgressFailure)) throw error;
      return { outcome: { reason: error.message }, againInMs: error.transient ? backoffMs : undefined };
    }
  }
}

function requestOf({ url, method, headers, body }: FetchItem, key: string, ofTrace: Record<string, string>) {
  const text = typeof body === 'string' || body === undefined || body === null ? (body ?? undefined) : JSON.stringify(body);
  const type = typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json';
  const own = {
    accept: 'application/json',
    ...ofTrace,
    ...(method === 'POST' && { 'idempotency-key': key }),
    ...(text !== undefined && { 'content-type': type }),
  };
  // Header names have no case: the client's take the place of ours.
  const given = Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
  return { url, method, headers: { ...own, ...given }, body: method === 'POST' ? (text ?? '') : undefined };
}

function outcomeOf({ status, headers, body }: EgressAnswer): Outcome {
  if (status < 200 || status > 299) return { reason: `The answer is HTTP ${status}.` };
  if (body.length === 0) return { reason: 'The answer is not JSON: it is empty.' };
  const notJson = { reason: `The answer is not JSON, but ${mediaTypeOf(headers['content-type'])}.` };
  if (/^text\/html\b/i.test(headers['content-type'] ?? '')) return notJson;
  try {
    const json: unknown = JSON.parse(body.toString('utf8'));
    // What is nested too deep to be written again would be one item's fault and every item's failure.
    JSON.stringify(json);
    return { json };
  } catch {
    return notJson;
  }
}

function mediaTypeOf(header: string | undefined): string {
  return /^[\w.+-]{1,60}\/[\w.+-]{1,60}/.exec(header ?? '')?.[0] ?? 'of an unknown type';
}

/** Works on all items, so many at once, and answers in their order. */
async function sideBySide<T, R>(items: readonly T[], lines: number, work: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const results = new Array<R>(items.length);
  const rest = items.entries();
  const line = async () => {
    for (const [index, item] of rest) results[index] = await work(item, index);
  };
  await Promise.all(Array.from({ length: Math.min(lines, items.length) }, line));
  return results;
}
