import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiSecurity } from '@nestjs/swagger';
import type { Principal, Scope } from '@app/access';
import type { FastifyRequest } from 'fastify';

/** What a route asks of its caller. Every route says it, or the process does not start. */
export interface RouteNeeds {
  /** The scope that the caller must have; null where anybody may call. */
  scope: Scope | null;
  /** True if the route looks at the types that a key is limited to; all other routes refuse such keys. */
  heedsTypes: boolean;
  /** False where it does not matter who calls, so that nobody is asked. */
  asks: boolean;
  /** True for the route that begins a session: the one that its caller has does not matter. */
  begins?: boolean;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    needs?: RouteNeeds;
  }
  interface FastifyRequest {
    /** On whose behalf the request is made. Set before any route sees the request. */
    principal: Principal;
  }
}

/** The names under which the OpenAPI document knows keys and sessions. */
export const KEY_SECURITY = 'key';
export const SESSION_SECURITY = 'session';

/**
 * Lets a route be called by those who have the scope, and by nobody else.
 *
 * @param heedsTypes see {@link RouteNeeds}: the route's handler must then ask `mayType`.
 */
export function Needs(scope: Scope, { heedsTypes = false } = {}): MethodDecorator {
  return applyDecorators(
    RouteConfig({ needs: { scope, heedsTypes, asks: true } satisfies RouteNeeds }),
    ApiSecurity(KEY_SECURITY, [scope]),
    ApiSecurity(SESSION_SECURITY, [scope]),
  );
}

/**
 * Lets anybody call a route, key or not.
 *
 * @param asks true if the route wants to know its caller nevertheless.
 */
export function Public({ asks = false, begins = false } = {}): MethodDecorator {
  return RouteConfig({ needs: { scope: null, heedsTypes: true, asks, begins } satisfies RouteNeeds });
}

/** On whose behalf the request is made, as a parameter of a handler. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  return context.switchToHttp().getRequest<FastifyRequest>().principal;
});
