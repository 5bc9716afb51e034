import { Body, Controller, Get, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import { ActionStore, Actions, HandlerRegistry, type ActionState, type Selection } from '@app/tasks';
import type { FastifyReply } from 'fastify';
import { Audited } from '../access/audited.js';
import { Needs } from '../access/needs.js';
import { HttpProblem } from '../http/http-problem.js';
import * as docs from '../openapi/operations.docs.js';
import { isTaskId } from '../tasks/task-id.js';
import { readAction } from './action.request.js';

interface CountView {
  count: number;
  exact: boolean;
}

interface ActionView {
  action_id: string;
  action: string;
  status: ActionState['status'];
  total: number;
  done: number;
  failed: number;
  errors: { task_id: string; code: string; message: string }[];
}

/** Retries or cancels many tasks, in the background. */
@Controller('api/actions')
export class ActionsController {
  constructor(
    @Inject(Actions) private readonly actions: Actions,
    @Inject(ActionStore) private readonly store: ActionStore,
    @Inject(HandlerRegistry) private readonly registry: HandlerRegistry,
  ) {}

  @Needs('tasks:act')
  @Audited('tasks.act')
  @docs.Act()
  @Post()
  @HttpCode(202)
  async act(
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CountView | (CountView & { action_id: string })> {
    const { action, selection, dryRun } = readAction(body);
    const about = this.withoutInternal(selection);
    const count = await this.actions.count(action, about);
    if (dryRun) {
      reply.status(200);
      return count;
    }
    const id = await this.actions.begin(action, about, count.count);
    reply.header('location', `/api/actions/${id}`);
    return { action_id: id, ...count };
  }

  @Needs('tasks:read')
  @docs.FindAction()
  @Get(':action_id')
  async find(@Param('action_id') text: string): Promise<ActionView> {
    const id = text.toLowerCase();
    const state = isTaskId(id) ? await this.store.find(id) : null;
    if (!state) throw new HttpProblem(404, 'action_not_found', 'There is no action with this id.');
    return actionView(state);
  }

  /** As lists leave them out unless they are asked for. */
  private withoutInternal(selection: Selection): Selection {
    if ('ids' in selection || selection.filter.type !== undefined) return selection;
    return { filter: { ...selection.filter, notTypes: this.registry.internalNames() } };
  }
}

function actionView({ id, action, status, total, done, failed, errors }: ActionState): ActionView {
  return {
    action_id: id,
    action,
    status,
    total: Math.max(total, done + failed),
    done,
    failed,
    errors: errors.map(({ taskId, code, message }) => ({ task_id: taskId, code, message })),
  };
}
