import { Controller, Get, Inject, Param } from '@nestjs/common';
import { TaskNotFound, TaskStore } from '@app/tasks';
import { Needs } from '../access/needs.js';
import * as docs from '../openapi/operations.docs.js';
import { readTaskId } from '../tasks/task-id.js';
import { Why, type Reason } from './why.js';

/** Answers why a task is not running. */
@Controller('api/tasks')
export class WhyController {
  constructor(
    @Inject(TaskStore) private readonly store: TaskStore,
    @Inject(Why) private readonly why: Why,
  ) {}

  @Needs('tasks:read')
  @docs.WhyNot()
  @Get(':task_id/why')
  async of(@Param('task_id') id: string): Promise<{ reasons: Reason[] }> {
    const task = await this.store.find(readTaskId(id));
    if (!task) throw new TaskNotFound();
    return { reasons: await this.why.of(task) };
  }
}
