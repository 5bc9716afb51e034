import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import {
  Canceller,
  HandlerRegistry,
  StoreUnavailable,
  TaskNotFound,
  TaskStore,
  isFinal,
  repetition,
  type Submission,
  type Task,
} from '@app/tasks';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { entityTag, namesTag } from '../http/entity-tag.js';
import { preferredWait } from '../http/prefer.js';
import { Waits } from '../http/waits.js';
import { Needs } from '../access/needs.js';
import * as docs from '../openapi/tasks.docs.js';
import { accepted, batchAccepted, type AcceptedView, type BatchAcceptedView } from './accepted.view.js';
import { locate, readBatch } from './batch.request.js';
import { Intake } from './intake.js';
import { readLogsQuery } from './logs.query.js';
import { readListQuery } from './list.query.js';
import { linesToken, pageToken } from './page-token.js';
import { readSubmission } from './submission.request.js';
import { readTaskId } from './task-id.js';
import { readWait } from './task.query.js';
import { attemptView, logLineView, taskView, type AttemptView, type LogLineView, type TaskView } from './task.view.js';

/** Takes tasks in, shows them, and calls them off. */
@Controller('api/tasks')
export class TasksController {
  constructor(
    @Inject(Intake) private readonly intake: Intake,
    @Inject(TaskStore) private readonly store: TaskStore,
    @Inject(Waits) private readonly waits: Waits,
    @Inject(Canceller) private readonly canceller: Canceller,
    @Inject(HandlerRegistry) private readonly registry: HandlerRegistry,
  ) {}

  @Needs('tasks:submit')
  @docs.Submit()
  @Post()
  @HttpCode(202)
  async submit(@Body() body: unknown, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.take(readSubmission(body), request, reply);
  }

  @Needs('tasks:submit')
  @docs.SubmitBatch()
  @Post('batch')
  @HttpCode(202)
  async submitBatch(
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BatchAcceptedView> {
    const submissions = readBatch(body);
    try {
      return await this.intake.take(submissions, { request, reply }, batchAccepted);
    } catch (error) {
      throw locate(error, submissions, this.registry);
    }
  }

  @Needs('tasks:read')
  @docs.List()
  @Get()
  async list(@Query() query: unknown): Promise<{ items: TaskView[]; next_page_token: string | null }> {
    const { filter, page } = readListQuery(query);
    const notTypes = filter.type === undefined ? this.registry.internalNames() : undefined;
    const { tasks, next } = await this.store.list({ ...filter, notTypes }, page);
    return { items: tasks.map(taskView), next_page_token: pageToken(next) };
  }

  @Needs('tasks:read')
  @docs.Find()
  @Get(':task_id')
  async find(
    @Param('task_id') id: string,
    @Query() query: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string | undefined> {
    const wait = readWait(query);
    let task = await this.taskOf(id);
    if (wait > 0 && !isFinal(task.status)) {
      await this.waits.untilFinal(task.id, wait, reply);
      task = await this.taskOf(id);
    }
    const body = JSON.stringify(taskView(task));
    const tag = entityTag(body);
    reply.header('etag', tag);
    if (namesTag(request.headers['if-none-match'], tag)) {
      reply.status(304);
      return undefined;
    }
    reply.header('content-type', 'application/json; charset=utf-8');
    return body;
  }

  @Needs('tasks:read')
  @docs.Attempts()
  @Get(':task_id/attempts')
  async attempts(@Param('task_id') id: string): Promise<{ items: AttemptView[] }> {
    const task = await this.taskOf(id);
    return { items: (await this.store.pastAttempts(task.id)).map(attemptView) };
  }

  @Needs('tasks:read')
  @docs.Logs()
  @Get(':task_id/logs')
  async logs(
    @Param('task_id') id: string,
    @Query() query: unknown,
  ): Promise<{ items: LogLineView[]; next_page_token: string | null }> {
    const { size, after } = readLogsQuery(query);
    const task = await this.taskOf(id);
    const lines = await this.store.logs(task.id, { size: size + 1, after });
    const items = lines.slice(0, size);
    return { items: items.map(logLineView), next_page_token: linesToken(lines.length > size ? items.at(-1)! : null) };
  }

  @Needs('tasks:act')
  @docs.Cancel()
  @Post(':task_id/cancel')
  @HttpCode(200)
  async cancel(@Param('task_id') id: string): Promise<TaskView> {
    return taskView(await this.canceller.cancel(readTaskId(id)));
  }

  @Needs('tasks:act')
  @docs.Retry()
  @Post(':task_id/retry')
  @HttpCode(202)
  async retry(
    @Param('task_id') id: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AcceptedView | TaskView> {
    return this.take(repetition(await this.taskOf(id)), request, reply);
  }

  /** Commits one submission; answers 202, or 200 with the finished task if the client prefers to wait and it finishes in time. */
  private async take(submission: Submission, request: FastifyRequest, reply: FastifyReply): Promise<AcceptedView | TaskView> {
    const answer = await this.intake.take([submission], { request, reply }, accepted);
    reply.header('location', `/api/tasks/${answer.task_id}`);

    const wait = preferredWait(request.headers.prefer);
    if (wait !== undefined) {
      reply.header('preference-applied', `wait=${wait}`);
      await this.waits.untilFinal(answer.task_id, wait, reply);
      const task = await this.finished(answer.task_id);
      if (task) {
        reply.status(200);
        return taskView(task);
      }
    }
    reply.header('retry-after', '1');
    return answer;
  }

  /** The task if it is final. A store that is away must not turn a task that was accepted into an error. */
  private async finished(id: string): Promise<Task | null> {
    try {
      const task = await this.store.find(id);
      return task && isFinal(task.status) ? task : null;
    } catch (error) {
      if (error instanceof StoreUnavailable) return null;
      throw error;
    }
  }

  /** @throws TaskNotFound, also for what cannot be an id */
  private async taskOf(id: string): Promise<Task> {
    const task = await this.store.find(readTaskId(id));
    if (!task) throw new TaskNotFound();
    return task;
  }
}
