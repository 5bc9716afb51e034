import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import type { Principal } from '@app/access';
import { EgressPolicy } from '@app/egress';
import { HandlerRegistry, ScheduleNotFound, ScheduleStore, Schedules } from '@app/tasks';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Audited } from '../access/audited.js';
import { Caller, Needs } from '../access/needs.js';
import { expectTypes } from '../access/visible.js';
import * as docs from '../openapi/schedules.docs.js';
import { accepted, type AcceptedView } from '../tasks/accepted.view.js';
import { Intake } from '../tasks/intake.js';
import { readPageQuery } from '../tasks/list.query.js';
import { pageToken } from '../tasks/page-token.js';
import { isTaskId } from '../tasks/task-id.js';
import { readSchedule, readScheduleChange } from './schedule.request.js';
import { scheduleView, type ScheduleView } from './schedule.view.js';

/** Takes schedules in, shows and changes them. */
@Controller('api/schedules')
export class SchedulesController {
  constructor(
    @Inject(Schedules) private readonly schedules: Schedules,
    @Inject(ScheduleStore) private readonly store: ScheduleStore,
    @Inject(Intake) private readonly intake: Intake,
    @Inject(EgressPolicy) private readonly egress: EgressPolicy,
    @Inject(HandlerRegistry) private readonly registry: HandlerRegistry,
  ) {}

  @Needs('tasks:act')
  @Audited('schedule.create')
  @docs.Create()
  @Post()
  @HttpCode(201)
  async create(
    @Body() body: unknown,
    @Caller() caller: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ScheduleView> {
    const given = readSchedule(body, this.egress);
    expectTypes([given.task.type ?? 'plain'], caller, this.registry);
    const schedule = await this.schedules.create(given);
    reply.header('location', `/api/schedules/${schedule.id}`);
    return scheduleView(schedule);
  }

  @Needs('tasks:read')
  @docs.List()
  @Get()
  async list(@Query() query: unknown): Promise<{ items: ScheduleView[]; next_page_token: string | null }> {
    const { schedules, next } = await this.store.list(readPageQuery(query));
    return { items: schedules.map(scheduleView), next_page_token: pageToken(next) };
  }

  @Needs('tasks:read')
  @docs.Find()
  @Get(':schedule_id')
  async find(@Param('schedule_id') id: string): Promise<ScheduleView> {
    return scheduleView(await this.schedules.find(readScheduleId(id)));
  }

  @Needs('tasks:act')
  @Audited('schedule.change')
  @docs.Change()
  @Patch(':schedule_id')
  async change(@Param('schedule_id') id: string, @Body() body: unknown, @Caller() caller: Principal): Promise<ScheduleView> {
    const { change, version } = readScheduleChange(body, this.egress);
    if (change.task) expectTypes([change.task.type ?? 'plain'], caller, this.registry);
    return scheduleView(await this.schedules.change(readScheduleId(id), change, version));
  }

  @Needs('tasks:act')
  @Audited('schedule.pause')
  @docs.Pause()
  @Post(':schedule_id/pause')
  @HttpCode(200)
  async pause(@Param('schedule_id') id: string): Promise<ScheduleView> {
    return scheduleView(await this.schedules.pause(readScheduleId(id)));
  }

  @Needs('tasks:act')
  @Audited('schedule.resume')
  @docs.Resume()
  @Post(':schedule_id/resume')
  @HttpCode(200)
  async resume(@Param('schedule_id') id: string): Promise<ScheduleView> {
    return scheduleView(await this.schedules.resume(readScheduleId(id)));
  }

  @Needs('tasks:act')
  @Audited('schedule.run')
  @docs.Run()
  @Post(':schedule_id/run')
  @HttpCode(202)
  async run(
    @Param('schedule_id') id: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AcceptedView> {
    const submission = await this.schedules.submissionOf(readScheduleId(id));
    const answer = await this.intake.take([submission], { request, reply }, accepted);
    reply.headers({ location: `/api/tasks/${answer.task_id}`, 'retry-after': '1' });
    return answer;
  }

  @Needs('tasks:act')
  @Audited('schedule.delete')
  @docs.Remove()
  @Delete(':schedule_id')
  @HttpCode(204)
  async delete(@Param('schedule_id') id: string): Promise<void> {
    await this.schedules.delete(readScheduleId(id));
  }
}

/** The id as the store writes it. @throws ScheduleNotFound for what cannot be an id */
function readScheduleId(text: string): string {
  const id = text.toLowerCase();
  if (!isTaskId(id)) throw new ScheduleNotFound();
  return id;
}
