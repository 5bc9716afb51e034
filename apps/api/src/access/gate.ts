import { Inject, Injectable } from '@nestjs/common';
import {
  ANYBODY,
  Keyring,
  Lock,
  RateLimits,
  Sessions,
  stranger,
  type LockState,
  type Principal,
  type Quota,
  type Scope,
} from '@app/access';
import { Settings } from '@app/config';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HttpProblem } from '../http/http-problem.js';
import { credentialsOf, type Credentials } from './credentials.js';
import type { RouteNeeds } from './needs.js';
import { isWorldName, mayChange, originOf } from './origin.js';
import { cookieName } from './session-cookie.js';

const NOBODY = stranger([]);

/** Finds out on whose behalf a request is made, and whether it may pass. What was asked for a moment ago costs no turn of the event loop. */
@Injectable()
export class Gate {
  private readonly withoutKey: Principal;

  constructor(
    @Inject(Lock) private readonly lock: Lock,
    @Inject(Keyring) private readonly keyring: Keyring,
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(RateLimits) private readonly limits: RateLimits,
    @Inject(Settings) private readonly settings: Settings,
  ) {
    this.withoutKey = stranger(
      settings.anonymousScopes
        .split(',')
        .map((scope) => scope.trim())
        .filter(Boolean) as Scope[],
    );
  }

  /** Sets the request's principal. @throws HttpProblem unless the route takes it */
  admit(request: FastifyRequest, reply: FastifyReply, needs: RouteNeeds): void | Promise<void> {
    const credentials = credentialsOf(request.raw, cookieName(request));
    const state = this.lock.get();
    if (state instanceof Promise) return state.then((known) => this.pass(request, reply, needs, credentials, known));
    return this.pass(request, reply, needs, credentials, state);
  }

  private pass(
    request: FastifyRequest,
    reply: FastifyReply,
    needs: RouteNeeds,
    credentials: Credentials,
    state: LockState,
  ): void | Promise<void> {
    if (state === 'open' && isWorldName(request)) {
      throw new HttpProblem(
        421,
        'misdirected_request',
        'This Taskwell is open, and so answers to the names of this machine only.',
      );
    }
    if (state === 'setup' && needs.scope !== null) {
      throw new HttpProblem(503, 'setup_needed', 'This Taskwell has no admin yet. Its log has a link to make one.');
    }
    const principal = this.principalOf(request, needs, credentials, state);
    if (principal instanceof Promise) return principal.then((known) => this.take(request, reply, needs, known));
    return this.take(request, reply, needs, principal);
  }

  private principalOf(
    request: FastifyRequest,
    needs: RouteNeeds,
    { key, otherScheme, token }: Credentials,
    state: LockState,
  ): Principal | Promise<Principal> {
    // Where everything is open, only what looks like a key counts.
    if (state === 'open' ? key?.startsWith('tw_') : key !== null || otherScheme) {
      const holder = key === null ? null : this.keyring.find(key);
      return holder instanceof Promise ? holder.then((known) => holderOf(known, needs)) : holderOf(holder, needs);
    }
    const origin = mayChange(request) ? originOf(request) : 'own';
    if (origin === 'foreign') throw new HttpProblem(403, 'cross_site', 'A page of another site may not make this request.');
    const unnamed = state === 'open' ? ANYBODY : this.withoutKey;
    const user = token === null || needs.begins ? null : this.sessions.find(token);
    if (user instanceof Promise) return user.then((known) => (known ? vouched(known, origin) : unnamed));
    return user ? vouched(user, origin) : unnamed;
  }

  private take(request: FastifyRequest, reply: FastifyReply, { scope, heedsTypes }: RouteNeeds, principal: Principal): void {
    request.principal = principal;
    if (principal.kind === 'key') this.count(reply, principal);
    if (scope === null) return;
    if (!principal.scopes.includes(scope)) {
      if (principal.kind === 'anonymous') throw unauthorized('This request needs a key or a session.');
      throw new HttpProblem(403, 'forbidden', `This request needs the scope ${scope}.`);
    }
    if (!heedsTypes && principal.types !== null) {
      throw new HttpProblem(
        403,
        'forbidden',
        'This key is limited to some task types, and this request is not about one of them.',
      );
    }
  }

  private count(reply: FastifyReply, { id, rateLimit }: Principal): void {
    const limit = rateLimit ?? this.settings.keyRequestsPerMinute;
    if (limit === 0) return;
    const quota = this.limits.take(id!, limit);
    reply.headers(quotaHeaders(quota));
    if (!quota.exceeded) return;
    throw new HttpProblem(429, 'too_many_requests', `This key may make ${limit} requests a minute.`, {
      headers: { 'retry-after': String(quota.resetSeconds) },
    });
  }
}

/** As draft-ietf-httpapi-ratelimit-headers has them. */
function quotaHeaders({ limit, windowSeconds, remaining, resetSeconds }: Quota): Record<string, string> {
  return { 'ratelimit-policy': `"key";q=${limit};w=${windowSeconds}`, ratelimit: `"key";r=${remaining};t=${resetSeconds}` };
}

/** A route that takes everybody may know other keys than we do. */
function holderOf(holder: Principal | null, { scope }: RouteNeeds): Principal {
  if (holder) return holder;
  if (scope === null) return NOBODY;
  throw unauthorized('This key is not one of this server, has expired or was deleted.');
}

/** A cookie comes along with whatever a browser sends: its requests must show that they are from our own pages. */
function vouched(user: Principal, origin: ReturnType<typeof originOf>): Principal {
  if (origin !== 'own') {
    throw new HttpProblem(
      403,
      'cross_site',
      'With a session, this request must carry Sec-Fetch-Site or Origin, as browsers send it.',
    );
  }
  return user;
}

function unauthorized(detail: string): HttpProblem {
  return new HttpProblem(401, 'unauthorized', detail, { headers: { 'www-authenticate': 'Bearer realm="taskwell"' } });
}
