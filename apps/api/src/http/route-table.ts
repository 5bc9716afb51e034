import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Refusal } from './problem.js';

interface Path {
  pattern: RegExp;
  methods: Set<string>;
}

/** Which methods each path takes, for the answer to a method that it does not take. */
export class RouteTable {
  private readonly paths = new Map<string, Path>();

  constructor(server: FastifyInstance) {
    server.addHook('onRoute', ({ url, method }) => {
      const path = this.paths.get(url) ?? { pattern: patternOf(url), methods: new Set() };
      for (const name of [method].flat()) path.methods.add(name);
      this.paths.set(url, path);
    });
  }

  /** The 405 for a path that exists with other methods; null for a path that does not exist. */
  otherMethods(request: FastifyRequest): Refusal | null {
    const url = request.url.split('?', 1)[0]!;
    const methods = [...this.paths.values()].filter(({ pattern }) => pattern.test(url)).flatMap((path) => [...path.methods]);
    if (methods.length === 0) return null;
    const allow = [...new Set(methods)].sort().join(', ');
    return { status: 405, code: 'method_not_allowed', detail: `This path takes ${allow} only.`, headers: { allow } };
  }
}

function patternOf(url: string): RegExp {
  const steps = url.split('/').map((step) => (step.startsWith(':') ? '[^/]+' : step.replaceAll(/[^\w-]/g, '\\$&')));
  return new RegExp(`^${steps.join('/')}$`);
}
