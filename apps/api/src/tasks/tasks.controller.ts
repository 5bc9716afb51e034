import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { mayType, type Principal } from '@app/access';
import {
  Canceller,
  HandlerRegistry,
  StoreUnavailable,
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
import { Audited } from '../access/audited.js';
import { Caller, Needs } from '../access/needs.js';
import { Shown } from '../access/shown.js';
import { hiddenTypes, visible } from '../access/visible.js';
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
import type { AttemptView, LogLineView, TaskView } from './task.view.js';

/** Takes tasks in, shows them, and calls them off. */
@Controller('api/tasks')
export class TasksController {
  constructor(
    @Inject(Intake) private readonly intake: Intake,
    @Inject(TaskStore) private readonly store: TaskStore,
    @Inject(Waits) private readonly waits: Waits,
    @Inject(Canceller) private readonly canceller: Canceller,
    @Inject(HandlerRegistry) private readonly registry: HandlerRegistry,
    @Inject(Shown) private readonly shown: Shown,
  ) {}

  @Needs('tasks:submit', { heedsTypes: true })
  @docs.Submit()
  @Post()
  @HttpCode(202)
  async submit(@Body() body: unknown, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.take(readSubmission(body), request, reply);
  }

  @Needs('tasks:submit', { heedsTypes: true })
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

  @Needs('tasks:read', { heedsTypes: true })
  @docs.List()
  @Get()
  async list(
    @Query() query: unknown,
    @Caller() caller: Principal,
  ): Promise<{ items: TaskView[]; next_page_token: string | null }> {
    const { filter, page } = readListQuery(query);
    const notTypes = hiddenTypes(filter, caller, this.registry);
    const { tasks, next } = await this.store.list({ ...filter, notTypes }, page);
    // Also types that this build does not know are not for everybody.
    const own = tasks.filter(({ type }) => mayType(caller, type));
    return { items: this.shown.found(own, filter.q, caller), next_page_token: pageToken(next) };
  }

  @Needs('tasks:read', { heedsTypes: true })
  @docs.Find()
  @Get(':task_id')
  async find(
    @Param('task_id') id: string,
    @Query() query: unknown,
    @Caller() caller: Principal,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string | undefined> {
    const wait = readWait(query);
    let task = await this.taskOf(id, caller);
    if (wait > 0 && !isFinal(task.status)) {
      await this.waits.untilFinal(task.id, wait, reply);
      task = await this.taskOf(id, caller);
    }
    const body = JSON.stringify(this.shown.task(task, caller));
    const tag = entityTag(body);
    reply.header('etag', tag);
    if (namesTag(request.headers['if-none-match'], tag)) {
      reply.status(304);
      return undefined;
    }
    reply.header('content-type', 'application/json; charset=utf-8');
    return body;
  }

  @Needs('tasks:read', { heedsTypes: true })
  @docs.Attempts()
  @Get(':task_id/attempts')
  async attempts(@Param('task_id') id: string, @Caller() caller: Principal): Promise<{ items: AttemptView[] }> {
    const task = await this.taskOf(id, caller);
    return { items: this.shown.attempts(task, await this.store.pastAttempts(task.id), caller) };
  }

  @Needs('tasks:read', { heedsTypes: true })
  @docs.Logs()
  @Get(':task_id/logs')
  async logs(
    @Param('task_id') id: string,
    @Query() query: unknown,
    @Caller() caller: Principal,
  ): Promise<{ items: LogLineView[]; next_page_token: string | null }> {
    const { size, after } = readLogsQuery(query);
    const task = await this.taskOf(id, caller);
    const lines = await this.store.logs(task.id, { size: size + 1, after });
    const items = lines.slice(0, size);
    return {
      items: this.shown.lines(task, items, caller),
      next_page_token: linesToken(lines.length > size ? items.at(-1)! : null),
    };
  }

  @Needs('tasks:act', { heedsTypes: true })
  @Audited('task.cancel')
  @docs.Cancel()
  @Post(':task_id/cancel')
  @HttpCode(200)
  async cancel(@Param('task_id') id: string, @Caller() caller: Principal): Promise<TaskView> {
    const task = await this.taskOf(id, caller);
    return this.shown.task(await this.canceller.cancel(task.id), caller);
  }

  @Needs('tasks:act', { heedsTypes: true })
  @Audited('task.retry')
  @docs.Retry()
  @Post(':task_id/retry')
  @HttpCode(202)
  async retry(
    @Param('task_id') id: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AcceptedView | TaskView> {
    return this.take(repetition(await this.taskOf(id, request.principal)), request, reply);
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
        return this.shown.task(task, request.principal);
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
  private async taskOf(id: string, caller: Principal): Promise<Task> {
    return visible(await this.store.find(readTaskId(id)), caller);
  }
}
