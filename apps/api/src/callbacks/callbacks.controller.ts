import { Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { CallbackStore, Redeliverer, TaskNotFound, TaskStore, type Task } from '@app/tasks';
import { Needs } from '../access/needs.js';
import * as docs from '../openapi/callbacks.docs.js';
import { readTaskId } from '../tasks/task-id.js';
import { callbackView, type CallbackView } from './callback.view.js';

/** Shows what became of a task's callback, and sends it again. */
@Controller('api/tasks/:task_id/callbacks')
export class CallbacksController {
  constructor(
    @Inject(TaskStore) private readonly store: TaskStore,
    @Inject(CallbackStore) private readonly callbacks: CallbackStore,
    @Inject(Redeliverer) private readonly redeliverer: Redeliverer,
  ) {}

  @Needs('tasks:read')
  @docs.Callbacks()
  @Get()
  async list(@Param('task_id') id: string): Promise<{ items: CallbackView[] }> {
    const deliveries = await this.redeliverer.deliveries(await this.taskOf(id));
    const tries = await this.callbacks.tries(deliveries.map((delivery) => delivery.id));
    return { items: deliveries.map((delivery) => callbackView(delivery, tries)) };
  }

  @Needs('tasks:act')
  @docs.Redeliver()
  @Post('redeliver')
  @HttpCode(202)
  async redeliver(@Param('task_id') id: string): Promise<{ delivery_id: string; message: string }> {
    return { delivery_id: await this.redeliverer.redeliver(await this.taskOf(id)), message: 'The callback is delivered again' };
  }

  /** @throws TaskNotFound, also for what cannot be an id */
  private async taskOf(id: string): Promise<Task> {
    const task = await this.store.find(readTaskId(id));
    if (!task) throw new TaskNotFound();
    return task;
  }
}
