import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { Logger } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Where the build puts the page, seen from where it puts this file. */
const FOLDER = join(import.meta.dirname, '../../../dashboard');
/** What is not the page's, whatever its path looks like. */
const OTHERS = /^\/(?:api|docs|assets)(?:\/|$)/;

const FOR_EVER = 'public, max-age=31536000, immutable';
const ASK_EACH_TIME = 'no-cache';

/**
 * Serves the dashboard at `/`. Its pages have paths of their own that are no files: a browser that asks for one gets index.html, which
 * knows what to show. Names in assets/ change with their content.
 */
export function serveDashboard(server: FastifyInstance, folder = FOLDER): void {
  const files = filesOf(folder);
  if (!files.has('/index.html')) {
    new Logger('Dashboard').warn('The dashboard is not built: npm run build.');
    return;
  }
  void server.register(async (door) => {
    const { default: fastifyStatic } = await import('@fastify/static');
    await door.register(fastifyStatic, { root: folder, serve: false, cacheControl: false, preCompressed: true });
    door.get('/*', (request, reply) => {
      const path = request.url.split('?', 1)[0]!;
      if (files.has(path)) {
        return reply.header('cache-control', path.startsWith('/assets/') ? FOR_EVER : ASK_EACH_TIME).sendFile(path);
      }
      return isPage(path, request) ? sendPage(reply) : reply.callNotFound();
    });
  });
}

function isPage(path: string, { headers }: FastifyRequest): boolean {
  return !OTHERS.test(path) && (headers.accept ?? '').includes('text/html');
}

function sendPage(reply: FastifyReply): FastifyReply {
  return reply.header('cache-control', ASK_EACH_TIME).sendFile('index.html');
}

function filesOf(folder: string): ReadonlySet<string> {
  try {
    const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    return new Set(found.map(({ parentPath, name }) => `/${relative(folder, join(parentPath, name)).split(sep).join('/')}`));
  } catch {
    return new Set();
  }
}
