import type { HttpMetrics } from '@app/metrics';
import type { FastifyInstance } from 'fastify';

/** Counts every request when its answer has gone out, by the pattern of its route. */
export function countRequests(server: FastifyInstance, metrics: HttpMetrics): void {
  server.addHook('onResponse', (request, reply, done) => {
    metrics.answered(request.is404 ? undefined : request.routeOptions.url, request.method, reply.statusCode, reply.elapsedTime);
    done();
  });
}
