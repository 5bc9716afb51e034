import { Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { WorkerStore } from '@app/tasks';
import { Audited } from '../access/audited.js';
import { Needs } from '../access/needs.js';
import { HttpProblem } from '../http/http-problem.js';
import * as docs from '../openapi/operations.docs.js';
import { workerView, type WorkerView } from './worker.view.js';

/** Shows the workers, and asks one to take no more tasks. */
@Controller('api/workers')
export class WorkersController {
  constructor(@Inject(WorkerStore) private readonly workers: WorkerStore) {}

  @Needs('tasks:read')
  @docs.Workers()
  @Get()
  async list(): Promise<{ items: WorkerView[] }> {
    return { items: (await this.workers.list()).map(workerView) };
  }

  @Needs('tasks:act')
  @Audited('worker.drain')
  @docs.DrainWorker()
  @Post(':worker_id/drain')
  @HttpCode(200)
  async drain(@Param('worker_id') id: string): Promise<WorkerView> {
    const known = await this.workers.drain(id);
    const worker = known ? (await this.workers.list()).find((one) => one.id === id) : undefined;
    if (!worker) throw new HttpProblem(404, 'worker_not_found', 'There is no worker with this id.');
    return workerView(worker);
  }
}
