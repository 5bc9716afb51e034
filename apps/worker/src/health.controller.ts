import { Controller, Get, Inject, Query, ServiceUnavailableException } from '@nestjs/common';
import { LifeSigns, lookAt, type DependencyState } from '@app/runtime';
import { TaskStore } from '@app/tasks';
import { TaskServer } from '@app/transport';

/** What an orchestrator asks of a worker. */
@Controller()
export class WorkerHealthController {
  constructor(
    private readonly store: TaskStore,
    @Inject(TaskServer) private readonly server: TaskServer,
    private readonly signs: LifeSigns,
  ) {}

  /** The process does what it is there for. What is away, and will come back, does not count: a new process would not find it either. */
  @Get('livez')
  livez(): { status: 'ok' } {
    const problems = this.signs.problems();
    if (problems.length > 0) throw new ServiceUnavailableException({ status: 'stuck', problems });
    return { status: 'ok' };
  }

  /** The worker can take tasks: it receives announcements, and the database answers. */
  @Get('readyz')
  async readyz(@Query('verbose') verbose: unknown): Promise<{ status: 'ok'; dependencies?: DependencyState[] }> {
    const receiving = this.server.ready();
    const database = await lookAt('store', () => this.store.ping());
    const transport: DependencyState = { name: 'transport', state: receiving.ok ? 'up' : 'down', latency_ms: 0 };
    const details = verbose === undefined ? {} : { dependencies: [database, transport] };
    if (!receiving.ok) throw new ServiceUnavailableException({ status: 'unavailable', transport: receiving.reason, ...details });
    if (database.state === 'down')
      throw new ServiceUnavailableException({ status: 'unavailable', database: 'does not answer', ...details });
    return { status: 'ok', ...details };
  }
}
