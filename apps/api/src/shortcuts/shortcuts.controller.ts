import { Body, Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Needs } from '../access/needs.js';
import * as docs from '../openapi/shortcuts.docs.js';
import { Intake } from '../tasks/intake.js';
import { calledAsInBody, readItems, readPayload, type Shortcut } from './shortcut.request.js';

/** The answer to a shortcut: the row is committed. */
export interface StartedView {
  task_id: string;
  message: string;
  /** What the result will look like. */
  async_job_response_structure: object;
}

const ITEM_LISTS = { results: [{}], errors: [{}] };
const WELCOMED = { file: '', url: '', size: 0, message_id: '', delivered_to: '' };

/** Ways to submit tasks of some types without an envelope. */
@Controller('api')
export class ShortcutsController {
  constructor(@Inject(Intake) private readonly intake: Intake) {}

  @Needs('tasks:submit', { heedsTypes: true })
  @docs.Calculate()
  @Post('calculations')
  @HttpCode(202)
  async calculate(@Body() body: unknown, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.take(readItems('calculation.run', body), ITEM_LISTS, request, reply);
  }

  @Needs('tasks:submit', { heedsTypes: true })
  @docs.Fetch()
  @Post('fetches')
  @HttpCode(202)
  async fetch(@Body() body: unknown, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.take(readItems('http.fetch', body), ITEM_LISTS, request, reply);
  }

  @Needs('tasks:submit', { heedsTypes: true })
  @docs.Onboard()
  @Post('onboardings')
  @HttpCode(202)
  async onboard(@Body() body: unknown, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.take(readPayload('onboarding.welcome', body), WELCOMED, request, reply);
  }

  private async take(
    { submission, renamed }: Shortcut,
    structure: object,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<StartedView> {
    try {
      const started = await this.intake.take([submission], { request, reply }, ([id]) => ({
        task_id: id!,
        message: 'Processing of your request has started',
        async_job_response_structure: structure,
      }));
      reply.header('location', `/api/tasks/${started.task_id}`);
      reply.header('retry-after', '1');
      return started;
    } catch (error) {
      throw calledAsInBody(error, renamed);
    }
  }
}
