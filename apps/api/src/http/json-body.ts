import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { InvalidRequest } from '@app/tasks';
import { malformed, unsupportedMedia, type HttpProblem } from './http-problem.js';
import { findUnsafe } from './json-guard.js';

/** Makes `application/json` in UTF-8 the only kind of body that is read, but for uploads, which are left to their route; every other one is a 415. */
export function readBodies(server: FastifyInstance, onRead: (request: FastifyRequest) => void = () => {}): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    onRead(request);
    try {
      done(null, parseJson(body as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });
  server.addContentTypeParser('multipart/form-data', (request, _body, done) => {
    if (isUpload(request)) done(null);
    else done(unsupportedMedia('The body must be sent as Content-Type: application/json.'));
  });
}

/** True for a request of the only route that takes files. */
export function isUpload({ method, routeOptions }: FastifyRequest): boolean {
  return method === 'POST' && routeOptions.url === '/api/files';
}

/** The JSON value of a body; undefined if it is empty. @throws HttpProblem, InvalidRequest for a value that would not survive. */
export function parseJson(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  if (!isUtf8(body)) throw malformed('The body is not valid UTF-8.');
  const text = body.toString('utf8');
  const value = parse(text);
  const finding = findUnsafe(text);
  if (finding) throw new InvalidRequest([finding], 'The body is JSON, but not of a kind that can be kept as it is.');
  return value;
}

/** The 415 for a body in an encoding that this door does not read; null if there is nothing against it. */
export function refusedEncoding({ headers }: FastifyRequest): HttpProblem | null {
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    return unsupportedMedia('The body must be sent without a Content-Encoding.', { 'accept-encoding': 'identity' });
  }
  const type = headers['content-type'];
  if (type === undefined || type === 'application/json') return null;
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(type)?.[1];
  return charset === undefined || /^utf-?8$/i.test(charset) ? null : unsupportedMedia('The body must be sent in UTF-8.');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw malformed('The body is not JSON.');
  }
}
