import { Controller, Get, Inject, Query, Res } from '@nestjs/common';
import { LifeSigns, lookAt, type DependencyState } from '@app/runtime';
import { TaskStore, TaskTransport } from '@app/tasks';
import type { FastifyReply } from 'fastify';
import { Public } from '../access/needs.js';
import * as docs from '../openapi/health.docs.js';

/** Whether this process does what it is there for. */
export interface Liveness {
  status: 'ok' | 'stuck';
  /** What is stuck. */
  problems?: string[];
}

/** Whether this process can do its work. Without the transport it still can: tasks are kept, and announced later. */
export interface Readiness {
  status: 'ok' | 'degraded' | 'unavailable';
  checks: { store: 'up' | 'down'; transport: 'up' | 'down' };
  /** For who asks with ?verbose. */
  dependencies?: DependencyState[];
}

/** Answers the probes of whoever runs this process. */
@Controller()
export class HealthController {
  constructor(
    @Inject(TaskStore) private readonly store: TaskStore,
    @Inject(TaskTransport) private readonly transport: TaskTransport,
    private readonly signs: LifeSigns,
  ) {}

  @Public()
  @docs.Livez()
  @Get('livez')
  livez(@Res({ passthrough: true }) reply: FastifyReply): Liveness {
    const problems = this.signs.problems();
    if (problems.length === 0) return { status: 'ok' };
    reply.status(503);
    return { status: 'stuck', problems };
  }

  @Public()
  @docs.Readyz()
  @Get('readyz')
  async readyz(@Query('verbose') verbose: unknown, @Res({ passthrough: true }) reply: FastifyReply): Promise<Readiness> {
    const dependencies = await Promise.all([
      lookAt('store', () => this.store.ping()),
      lookAt('transport', () => this.transport.ping()),
    ]);
    const [store, transport] = dependencies.map(({ state }) => state) as ['up' | 'down', 'up' | 'down'];
    if (store === 'down') reply.status(503);
    const status = store === 'down' ? 'unavailable' : transport === 'down' ? 'degraded' : 'ok';
    return { status, checks: { store, transport }, ...(verbose !== undefined && { dependencies }) };
  }
}
