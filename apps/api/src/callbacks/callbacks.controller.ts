import { Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import type { Principal } from '@app/access';
import { CallbackStore, Redeliverer, TaskStore, type Task } from '@app/tasks';
import { Audited } from '../access/audited.js';
import { Caller, Needs } from '../access/needs.js';
import { visible } from '../access/visible.js';
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

  @Needs('tasks:read', { heedsTypes: true })
  @docs.Callbacks()
  @Get()
  async list(@Param('task_id') id: string, @Caller() caller: Principal): Promise<{ items: CallbackView[] }> {
    const deliveries = await this.redeliverer.deliveries(await this.taskOf(id, caller));
    const tries = await this.callbacks.tries(deliveries.map((delivery) => delivery.id));
    return { items: deliveries.map((delivery) => callbackView(delivery, tries)) };
  }

  @Needs('tasks:act', { heedsTypes: true })
  @Audited('task.redeliver')
  @docs.Redeliver()
  @Post('redeliver')
  @HttpCode(202)
  async redeliver(@Param('task_id') id: string, @Caller() caller: Principal): Promise<{ delivery_id: string; message: string }> {
    return {
      delivery_id: await this.redeliverer.redeliver(await this.taskOf(id, caller)),
      message: 'The callback is delivered again',
    };
  }

  /** @throws TaskNotFound, also for what cannot be an id */
  private async taskOf(id: string, caller: Principal): Promise<Task> {
    return visible(await this.store.find(readTaskId(id)), caller);
  }
}
