import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Settings } from '@app/config';
import { HttpMetrics } from '@app/metrics';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { Gate } from '../access/gate.js';
import { guard } from '../access/guard.js';
import { serveDashboard } from '../dashboard/serve-dashboard.js';
import { Outlets } from '../events/outlets.js';
import { WebSockets } from '../events/web-sockets.js';
import { serveDocs } from '../openapi/serve-docs.js';
import { answerClientError } from './client-error.js';
import { countRequests } from './count-requests.js';
import { isUpload, readBodies, refusedEncoding } from './json-body.js';
import { ProblemFilter, sendRefusal } from './problem.filter.js';
import { refusalOfStatus } from './problem.js';
import { requestId } from './request-id.js';
import { RouteTable } from './route-table.js';
import { BARE, secure } from './security-headers.js';
import { SlowBodies } from './slow-bodies.js';
import { Waits } from './waits.js';

/** What Nest must be created with: the door reads bodies itself. */
export const HTTP_APP_OPTIONS = { bodyParser: false } as const;

const MAX_HEADER_BYTES = 16 * 1024;

/** Fastify, which says when the application begins to close: before any module stops its work. */
class HttpDoor extends FastifyAdapter {
  onClosing = (): void => {};

  override beforeClose(): void {
    super.beforeClose();
    this.onClosing();
  }
}

/** The HTTP server with its limits. */
export function httpAdapter(settings: Settings): FastifyAdapter {
  const { timeoutMs, checkMs } = timeLimits(settings);
  return new HttpDoor({
    bodyLimit: settings.maxBodyBytes,
    // Those of bodies are looked at by SlowBodies.
    requestTimeout: 0,
    http: {
      requestTimeout: 0,
      headersTimeout: timeoutMs,
      connectionsCheckingInterval: checkMs,
      maxHeaderSize: MAX_HEADER_BYTES,
    },
    trustProxy: settings.trustProxy || false,
    genReqId: requestId,
    // A task id of any length is a task that does not exist, a 404.
    routerOptions: { maxParamLength: MAX_HEADER_BYTES },
    clientErrorHandler: answerClientError,
    frameworkErrors: (error: FastifyError, _request: FastifyRequest, reply: FastifyReply) => {
      reply.headers({ 'x-request-id': reply.request.id, ...BARE });
      sendRefusal(reply, refusalOfStatus(error.statusCode ?? 400));
    },
    // Ours is a problem document.
    return503OnClosing: false,
  });
}

/** What is late is noticed at the next check. */
function timeLimits({ requestTimeoutSeconds }: Settings): { timeoutMs: number; checkMs: number } {
  const allowedMs = requestTimeoutSeconds * 1000;
  const checkMs = Math.min(1_000, allowedMs / 4);
  return { timeoutMs: allowedMs - checkMs, checkMs };
}

/** Makes a Nest application the HTTP door: bodies, headers, errors, documents, and a clean end. */
export function configureHttp(app: NestFastifyApplication): void {
  const door = app.getHttpAdapter() as HttpDoor;
  const server = door.getInstance();
  const waits = app.get(Waits);
  const { timeoutMs, checkMs } = timeLimits(app.get(Settings));
  const slowBodies = new SlowBodies(timeoutMs, checkMs);
  const graceMs = app.get(Settings).shutdownGraceSeconds * 1000;

  const outlets = app.get(Outlets);
  door.onClosing = () => {
    waits.close();
    outlets.close();
  };
  app.get(WebSockets).listen(server);
  readBodies(server, (request) => slowBodies.arrived(request.raw));
  countRequests(server, app.get(HttpMetrics));
  app.useGlobalFilters(new ProblemFilter(new RouteTable(server)));

  server.addHook('onRequest', (request, reply, done) => {
    slowBodies.watch(request.raw, isUpload(request));
    reply.header('x-request-id', request.id);
    secure(request, reply);
    if (waits.closing) sendRefusal(reply, refusalOfStatus(503));
    else done(refusedEncoding(request) ?? undefined);
  });
  guard(server, app.get(Gate));
  server.addHook('onSend', (_request, reply, _payload, done) => {
    if (waits.closing) reply.header('connection', 'close');
    done();
  });
  // A client that never finishes its request must not keep the process from ending.
  server.addHook('preClose', (done) => {
    slowBodies.close();
    setTimeout(() => server.server.closeAllConnections(), graceMs).unref();
    done();
  });

  serveDocs(app);
  serveDashboard(server);
}
