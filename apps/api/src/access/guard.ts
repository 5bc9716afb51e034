import type { FastifyInstance, RouteOptions } from 'fastify';
import { stranger, type Principal } from '@app/access';
import type { Gate } from './gate.js';
import type { RouteNeeds } from './needs.js';

/** What is served beside the routes of the controllers: the documents and the dashboard's files. All of it is public. */
const FILES = [/^\/docs(?:[/-]|$)/, /^\/openapi\.json$/, /^\/\*?$/, /^\/assets\//, /^\/index\.html$/, /^\/favicon\.[a-z]+$/];

const UNASKED: RouteNeeds = { scope: null, heedsTypes: true, asks: false };

const NOBODY = stranger([]);

/** A whole megabyte of password is still told what is wrong with it. */
const LOGIN_BODY_BYTES = 2 * 1024 * 1024;

/** Stands before every route: finds out who asks, and lets nobody through whom the route does not take. */
export function guard(server: FastifyInstance, gate: Gate): void {
  server.decorateRequest('principal', null as unknown as Principal);
  server.addHook('onRoute', declareNeeds);
  server.addHook('onRequest', (request, reply, done) => {
    // That there is nothing at a path is no secret: the document says what there is.
    const needs = request.is404 ? UNASKED : request.routeOptions.config.needs!;
    request.principal = NOBODY;
    if (!needs.asks) return done();
    try {
      const admitted = gate.admit(request, reply, needs);
      if (admitted) admitted.then(() => done(), done);
      else done();
    } catch (error) {
      done(error as Error);
    }
  });
}

/** @throws Error for a route of which nobody said who may call it: the process does not start. */
function declareNeeds(route: RouteOptions): void {
  if (route.url === '/api/session') route.bodyLimit = LOGIN_BODY_BYTES;
  if (route.config?.needs) return;
  const methods = [route.method].flat();
  const isFile = FILES.some((path) => path.test(route.url)) && methods.every((method) => method === 'GET' || method === 'HEAD');
  if (!isFile) {
    throw new Error(`${methods.join(', ')} ${route.url} does not say who may call it: give it @Needs(scope) or @Public().`);
  }
  route.config = { ...route.config, needs: UNASKED };
}
