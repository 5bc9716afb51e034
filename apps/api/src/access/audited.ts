import {
  Inject,
  Injectable,
  SetMetadata,
  UseInterceptors,
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { Auditor, actorOf, type AuditEntry } from '@app/access';
import { Settings } from '@app/config';
import { Redactor } from '@app/redaction';
import type { FastifyRequest } from 'fastify';
import { from, switchMap, tap, type Observable } from 'rxjs';
import { refusalOf } from '../http/problem.js';

const ACTION = 'audited:action';
/** More of a body says nothing more. */
const MOST_DETAIL = 4_000;

/**
 * Writes a line into the audit before the route acts; if that fails, the route does not act. If the route then refuses, a second line says so.
 * What is acted on is what the action's first part and the route's parameter name: `task.cancel` on `:task_id`.
 */
export function Audited(action: string): MethodDecorator {
  return applyDecorators(SetMetadata(ACTION, action), UseInterceptors(AuditInterceptor));
}

@Injectable()
export class AuditInterceptor implements NestInterceptor {
  private readonly redactor: Redactor;

  constructor(
    @Inject(Auditor) private readonly auditor: Auditor,
    @Inject(Settings) settings: Settings,
  ) {
    this.redactor = new Redactor(settings.redact);
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const action = Reflect.getMetadata(ACTION, context.getHandler()) as string;
    const entry = (detail: object) => entryOf(request, action, detail);
    const asked = this.auditor.note(entry(this.detailOf(request)));
    return from(asked).pipe(
      switchMap(() => next.handle()),
      tap({
        error: (error: unknown) => {
          const { status, code } = refusalOf(error);
          // The refusal is answered whether or not it is noted: nothing was done.
          if (status < 500) this.auditor.note(entry({ request_id: request.id, refused: code })).catch(() => undefined);
        },
      }),
    );
  }

  private detailOf({ id, body }: FastifyRequest): object {
    if (body === undefined || body === null) return { request_id: id };
    const shown = this.redactor.json(body);
    const text = JSON.stringify(shown);
    return { request_id: id, body: text.length > MOST_DETAIL ? `${text.slice(0, MOST_DETAIL)}…` : shown };
  }
}

function entryOf({ principal, params }: FastifyRequest, action: string, detail: object): AuditEntry {
  const [id] = Object.values(params as Record<string, string>);
  const target = { kind: action.split('.', 1)[0]!, id: id?.slice(0, 255).toWellFormed() ?? null };
  return { actor: actorOf(principal), action, target, detail: JSON.stringify(detail) };
}
