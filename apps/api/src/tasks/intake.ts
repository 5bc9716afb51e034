import { Inject, Injectable } from '@nestjs/common';
import { Settings } from '@app/config';
import { EgressPolicy } from '@app/egress';
import { HandlerRegistry, InvalidCallback, Submitter, Tracer, type Submission } from '@app/tasks';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { expectTypes } from '../access/visible.js';
import { malformed } from '../http/http-problem.js';
import { fingerprint, idempotencyKey } from '../http/idempotency-key.js';

/** Hands submissions to the domain: once per `Idempotency-Key`, if the request carries one. */
@Injectable()
export class Intake {
  constructor(
    @Inject(Submitter) private readonly submitter: Submitter,
    @Inject(Settings) private readonly settings: Settings,
    @Inject(EgressPolicy) private readonly egress: EgressPolicy,
    @Inject(Tracer) private readonly tracer: Tracer,
    @Inject(HandlerRegistry) private readonly registry: HandlerRegistry,
  ) {}

  /**
   * Commits the submissions, or finds them committed by an earlier request with the same key, and answers with the body of the
   * first answer.
   *
   * @param answer the body for the ids of the tasks.
   */
  take<Answer extends object>(
    submissions: readonly Submission[],
    http: { request: FastifyRequest; reply: FastifyReply },
    answer: (ids: readonly string[]) => Answer,
  ): Promise<Answer> {
    expectTypes(
      submissions.map(({ type }) => type ?? 'plain'),
      http.request.principal,
      this.registry,
    );
    this.vetCallbacks(submissions);
    const { headers, method, routeOptions } = http.request;
    const traceparent = typeof headers.traceparent === 'string' ? headers.traceparent : undefined;
    return this.tracer.serve({ kind: 'server', name: `${method} ${routeOptions.url}` }, traceparent, (trace) =>
      this.submit(trace ? submissions.map((one) => ({ ...one, traceparent: trace.traceparent })) : submissions, http, answer),
    );
  }

  private async submit<Answer extends object>(
    submissions: readonly Submission[],
    { request, reply }: { request: FastifyRequest; reply: FastifyReply },
    answer: (ids: readonly string[]) => Answer,
  ): Promise<Answer> {
    const key = idempotencyKey(request.headers['idempotency-key']);
    if (key === undefined) {
      this.requireNoKey();
      return answer(await this.submitter.submit(submissions));
    }
    let own: Answer | undefined;
    const given = await this.submitter.submitOnce(submissions, {
      key,
      fingerprint: fingerprint(`${request.method} ${pathOf(request)}`, request.body),
      keepMs: this.settings.idempotencyHours * 3_600_000,
      answer: (ids) => (own = answer(ids)),
    });
    if (given !== own) reply.header('idempotency-replayed', 'true');
    return given;
  }

  /** @throws InvalidCallback for what can be seen to lead nowhere. The rest is seen at every try. */
  private vetCallbacks(submissions: readonly Submission[]): void {
    for (const [index, { callbackUrl }] of submissions.entries()) {
      const refusal = callbackUrl === undefined ? undefined : this.egress.refusal(callbackUrl);
      if (refusal !== undefined) throw new InvalidCallback(refusal, index);
    }
  }

  private requireNoKey(): void {
    if (this.settings.idempotencyKey === 'required') {
      throw malformed('This server takes submissions with an Idempotency-Key only.', '/header/idempotency-key');
    }
  }
}

function pathOf({ url }: FastifyRequest): string {
  return url.split('?', 1)[0]!;
}
