import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PROBLEM_TYPE, problemOf, refusalOf, type Refusal } from './problem.js';
import type { RouteTable } from './route-table.js';

/** Answers every error as a problem document; what nobody expected is logged under the request's id. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('Http');

  constructor(private readonly routes: RouteTable) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (reply.sent || clientIsGone(request)) return;
    const refusal = this.refusalOf(error, request);
    if (refusal.status === 500) {
      const stack = error instanceof Error ? error.stack : String(error);
      this.logger.error(`Request ${request.id}: ${request.method} ${request.routeOptions.url ?? '(no route)'} failed.`, stack);
    }
    sendRefusal(reply, refusal);
  }

  private refusalOf(error: unknown, request: FastifyRequest): Refusal {
    const noRoute = request.is404 && error instanceof HttpException && error.getStatus() === 404;
    return (noRoute ? this.routes.otherMethods(request) : null) ?? refusalOf(error);
  }
}

/** Sends a refusal as a problem document. */
export function sendRefusal(reply: FastifyReply, refusal: Refusal): void {
  void reply
    .status(refusal.status)
    .headers(refusal.headers ?? {})
    .header('content-type', PROBLEM_TYPE)
    .send(Buffer.from(JSON.stringify(problemOf(refusal, reply.request.id))));
}

/** The connection broke while the body was being read: there is nobody to answer. */
function clientIsGone({ raw }: FastifyRequest): boolean {
  return raw.destroyed && !raw.complete;
}
