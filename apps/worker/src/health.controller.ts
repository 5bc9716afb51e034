import { Controller, Get, Inject, ServiceUnavailableException } from '@nestjs/common';
import { TaskStore } from '@app/tasks';
import { TaskServer } from '@app/transport';

/** What an orchestrator asks of a worker. */
@Controller()
export class WorkerHealthController {
  constructor(
    private readonly store: TaskStore,
    @Inject(TaskServer) private readonly server: TaskServer,
  ) {}

  /** The process answers. */
  @Get('livez')
  livez(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** The worker can take tasks: it receives announcements, and the database answers. */
  @Get('readyz')
  async readyz(): Promise<{ status: 'ok' }> {
    const receiving = this.server.ready();
    if (!receiving.ok) throw new ServiceUnavailableException({ status: 'unavailable', transport: receiving.reason });
    try {
      await this.store.ping();
    } catch {
      throw new ServiceUnavailableException({ status: 'unavailable', database: 'does not answer' });
    }
    return { status: 'ok' };
  }
}
