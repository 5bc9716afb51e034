import { Logger } from '@nestjs/common';
import { type Egress, EgressFailure, retryAfterMs, type EgressAnswer } from '@app/egress';
import {
  NotNow,
  PermanentFailure,
  StoreUnavailable,
  TransientFailure,
  UNOBSERVED,
  failPoint,
  isFinal,
  traced,
  webhookId,
  type CallbackStore,
  type DeliveryPayload,
  type Task,
  type TaskContext,
  type TaskStore,
} from '@app/tasks';
import { HostCrowded, HostTurns } from './host-turns.js';
import { messageOf } from './message.js';
import type { SecretKeeper } from './secret-keeper.js';
import { signatureHeaders } from './signature.js';

/** For the whole call, from the name to the end of the answer. */
const CALL_MS = 15_000;
/** How much of an answer is kept. */
const ANSWER_BYTES = 1_024;
/** Calls to one host that are under way at once, and how many more wait for their turn here. */
const AT_ONCE = 16;
const IN_LINE = 64;
/** Those that find the line full come back then, or up to twice as late. */
const CROWDED_AGAIN_MS = 15_000;
const STORE_AGAIN_MS = 2_000;
/** No receiver puts a delivery off for longer. */
const LONGEST_RETRY_AFTER_MS = 24 * 3_600_000;

/** What the delivery's own row holds when the receiver has taken the callback. */
export interface Delivered {
  /** The receiver's HTTP status. */
  status: number;
  /** How many tries it took. */
  tries: number;
}

/** Delivers callbacks, one try a call. */
export class Deliverer {
  private readonly logger = new Logger(Deliverer.name);
  private readonly hosts = new HostTurns(AT_ONCE, IN_LINE);

  /** @param waitsMs the waits between the tries; there is one try more. */
  constructor(
    private readonly egress: Egress,
    private readonly tasks: TaskStore,
    private readonly callbacks: CallbackStore,
    private readonly secrets: SecretKeeper,
    private readonly waitsMs: readonly number[],
    private readonly observer = UNOBSERVED,
  ) {}

  /** @throws TransientFailure when another try is due, PermanentFailure when none is, NotNow when there was none */
  async deliver(payload: DeliveryPayload, context: TaskContext): Promise<Delivered> {
    try {
      const host = new URL(payload.url).host;
      return await this.hosts.within(host, context.signal, () => this.try(payload, context));
    } catch (error) {
      if (error instanceof HostCrowded) throw new NotNow(error.message, CROWDED_AGAIN_MS * (1 + Math.random()));
      if (error instanceof StoreUnavailable) throw new NotNow('The database is away.', STORE_AGAIN_MS);
      throw error;
    }
  }

  private async try(payload: DeliveryPayload, { taskId: deliveryId, attempt, signal, trace }: TaskContext): Promise<Delivered> {
    const task = await this.tasks.find(payload.task_id);
    if (!task || !isFinal(task.status)) throw new PermanentFailure('There is no ended task to tell of.');
    const before = await this.callbacks.tries([deliveryId]);
    const tries = before.length + 1;

    const startedAt = performance.now();
    const outcome = await traced(trace, 'POST', payload.url, (headers) => this.call(task, payload, signal, headers));
    const durationMs = Math.round(performance.now() - startedAt);
    await this.note({ deliveryId, attempt, durationMs, ...noteOf(outcome) });
    if (isTaken(outcome)) {
      this.observer.callbackTried('delivered');
      return { status: outcome.status, tries };
    }
    const failure = this.failure(outcome, tries);
    this.observer.callbackTried(failure instanceof PermanentFailure ? 'given_up' : 'failed');
    throw failure;
  }

  /** One signed POST. @throws the reason of the signal */
  private async call(
    task: Task,
    { url, format }: DeliveryPayload,
    signal: AbortSignal,
    ofTrace: Record<string, string>,
  ): Promise<EgressAnswer | EgressFailure> {
    const body = messageOf(task, format);
    const signed = { id: webhookId(task.id), timestamp: Math.floor(Date.now() / 1000), body };
    const headers = { 'content-type': 'application/json', ...ofTrace, ...signatureHeaders(signed, await this.secrets.keys()) };
    try {
      return await this.egress.send({
        url,
        method: 'POST',
        headers,
        body,
        timeoutMs: CALL_MS,
        maxBytes: ANSWER_BYTES,
        larger: 'cut',
        maxRedirects: 0,
        signal,
      });
    } catch (error) {
      if (error instanceof EgressFailure) return error;
      throw error;
    }
  }

  /** The log is for people: that a try is missing in it must not lead to another one. */
  private async note(made: Parameters<CallbackStore['addTry']>[0]): Promise<void> {
    if (made.status !== null && made.status < 300) failPoint('after_callback_2xx_before_mark');
    await this.callbacks
      .addTry(made)
      .catch((error: Error) => this.logger.warn(`A try of delivery ${made.deliveryId} was not noted: ${error.message}`));
  }

  private failure(outcome: EgressAnswer | EgressFailure, tries: number): Error {
    const what = outcome instanceof EgressFailure ? outcome.message : `The receiver answered HTTP ${outcome.status}.`;
    if (!(outcome instanceof EgressFailure) && outcome.status === 410)
      return new PermanentFailure(`${what} It wants no more of it.`);
    const waitMs = this.waitsMs[tries - 1];
    if (waitMs === undefined) return new PermanentFailure(`${what} That was the last of ${tries} tries.`);
    const asked = outcome instanceof EgressFailure ? undefined : outcome.headers['retry-after'];
    return new TransientFailure(what, { retryAfterMs: Math.max(waitMs, retryAfterMs(asked, LONGEST_RETRY_AFTER_MS) ?? 0) });
  }
}

function isTaken(outcome: EgressAnswer | EgressFailure): outcome is EgressAnswer {
  return !(outcome instanceof EgressFailure) && outcome.status >= 200 && outcome.status < 300;
}

function noteOf(outcome: EgressAnswer | EgressFailure) {
  if (outcome instanceof EgressFailure) return { status: null, answer: null, error: outcome.message };
  return { status: outcome.status, answer: outcome.body.toString('utf8').toWellFormed(), error: null };
}
