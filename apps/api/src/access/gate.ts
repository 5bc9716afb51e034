import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import { ANYBODY, type Principal } from '@app/access';
import { HttpProblem } from '../http/http-problem.js';
import type { RouteNeeds } from './needs.js';

/** What is served beside the routes of the controllers: the documents and the dashboard's files. All of it is public. */
const FILES = [/^\/docs(?:[/-]|$)/, /^\/openapi\.json$/, /^\/\*?$/, /^\/assets\//, /^\/index\.html$/, /^\/favicon\.[a-z]+$/];

const OPEN_TO_ALL: RouteNeeds = { scope: null, heedsTypes: true };

/** Stands before every route: finds out who asks, and lets nobody through whom the route does not take. */
export function guard(server: FastifyInstance): void {
  server.decorateRequest('principal', null as unknown as Principal);
  server.addHook('onRoute', declareNeeds);
  server.addHook('onRequest', (request, _reply, done) => {
    request.principal = ANYBODY;
    done(refusal(request) ?? undefined);
  });
}

/** @throws Error for a route of which nobody said who may call it: the process does not start. */
function declareNeeds(route: RouteOptions): void {
  if (route.config?.needs) return;
  const methods = [route.method].flat();
  const isFile = FILES.some((path) => path.test(route.url)) && methods.every((method) => method === 'GET' || method === 'HEAD');
  if (!isFile)
    throw new Error(`${methods.join(', ')} ${route.url} does not say who may call it: give it @Needs(scope) or @Public().`);
  route.config = { ...route.config, needs: OPEN_TO_ALL };
}

function refusal({ principal, routeOptions, is404 }: FastifyRequest): HttpProblem | null {
  // That there is nothing at a path is no secret: the document says what there is.
  const { scope, heedsTypes } = is404 ? OPEN_TO_ALL : routeOptions.config.needs!;
  if (scope !== null && !principal.scopes.includes(scope)) {
    return new HttpProblem(403, 'forbidden', `This request needs the scope ${scope}.`);
  }
  if (scope !== null && !heedsTypes && principal.types !== null) {
    return new HttpProblem(
      403,
      'forbidden',
      'This key is limited to some task types, and this request is not about one of them.',
    );
  }
  return null;
}
