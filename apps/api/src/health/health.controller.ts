import { Controller, Get, Inject, Res } from '@nestjs/common';
import { TaskStore, TaskTransport } from '@app/tasks';
import type { FastifyReply } from 'fastify';
import { Public } from '../access/needs.js';
import * as docs from '../openapi/health.docs.js';

const DEADLINE_MS = 1_500;

/** Whether this process can do its work. Without the transport it still can: tasks are kept, and announced later. */
export interface Readiness {
  status: 'ok' | 'degraded' | 'unavailable';
  checks: { store: 'up' | 'down'; transport: 'up' | 'down' };
}

/** Answers the probes of whoever runs this process. */
@Controller()
export class HealthController {
  constructor(
    @Inject(TaskStore) private readonly store: TaskStore,
    @Inject(TaskTransport) private readonly transport: TaskTransport,
  ) {}

  @Public()
  @docs.Livez()
  @Get('livez')
  livez(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Public()
  @docs.Readyz()
  @Get('readyz')
  async readyz(@Res({ passthrough: true }) reply: FastifyReply): Promise<Readiness> {
    const [store, transport] = await Promise.all([look(this.store), look(this.transport)]);
    if (store === 'down') reply.status(503);
    const status = store === 'down' ? 'unavailable' : transport === 'down' ? 'degraded' : 'ok';
    return { status, checks: { store, transport } };
  }
}

async function look(dependency: { ping(): Promise<void> }): Promise<'up' | 'down'> {
  let deadline: NodeJS.Timeout | undefined;
  const late = new Promise<'down'>((resolve) => (deadline = setTimeout(resolve, DEADLINE_MS, 'down')));
  const answer = dependency.ping().then(
    () => 'up' as const,
    () => 'down' as const,
  );
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(deadline);
  }
}
