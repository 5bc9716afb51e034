import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ArchiveNotFound, ArchiveStore, Archiving, requireRestorable, type Archive } from '@app/archive';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Audited } from '../access/audited.js';
import { Needs } from '../access/needs.js';
import * as docs from '../openapi/archives.docs.js';
import { accepted, type AcceptedView } from '../tasks/accepted.view.js';
import { Intake } from '../tasks/intake.js';
import { readPageQuery } from '../tasks/list.query.js';
import { pageToken } from '../tasks/page-token.js';
import { isTaskId } from '../tasks/task-id.js';
import { readArchiveRequest, readRestoreRequest } from './archive.request.js';
import {
  archiveAccepted,
  archiveDetailView,
  archiveView,
  previewView,
  type ArchiveAcceptedView,
  type ArchiveDetailView,
  type ArchiveView,
  type PreviewView,
} from './archive.view.js';

/** Has archives made and put back, and shows them. */
@Controller('api/archives')
export class ArchivesController {
  constructor(
    @Inject(Archiving) private readonly archiving: Archiving,
    @Inject(ArchiveStore) private readonly store: ArchiveStore,
    @Inject(Intake) private readonly intake: Intake,
  ) {}

  @Needs('admin')
  @Audited('archive.create')
  @docs.Create()
  @Post()
  @HttpCode(202)
  async create(
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ArchiveAcceptedView | PreviewView> {
    const { payload, wish, dryRun } = readArchiveRequest(body);
    if (dryRun) {
      const preview = await this.archiving.preview(wish);
      reply.code(200);
      return previewView(preview);
    }
    await this.archiving.requireEnded(wish);
    const answer = await this.intake.take([{ type: 'archive.year', payload }], { request, reply }, archiveAccepted);
    reply.headers({ location: `/api/tasks/${answer.task_id}`, 'retry-after': '1' });
    return answer;
  }

  @Needs('tasks:read')
  @docs.List()
  @Get()
  async list(@Query() query: unknown): Promise<{ items: ArchiveView[]; next_page_token: string | null }> {
    const { archives, next } = await this.store.list(readPageQuery(query));
    return { items: archives.map(archiveView), next_page_token: pageToken(next) };
  }

  @Needs('tasks:read')
  @docs.Find()
  @Get(':archive_id')
  async find(@Param('archive_id') id: string): Promise<ArchiveDetailView> {
    const archive = await this.archiveOf(id);
    return archiveDetailView(archive, await this.store.parts(archive.id));
  }

  @Needs('admin')
  @Audited('archive.restore')
  @docs.Restore()
  @Post(':archive_id/restore')
  @HttpCode(202)
  async restore(
    @Param('archive_id') id: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AcceptedView> {
    const archive = await this.archiveOf(id);
    requireRestorable(archive);
    const payload = readRestoreRequest(archive.id, body);
    const answer = await this.intake.take([{ type: 'archive.restore', payload }], { request, reply }, accepted);
    reply.headers({ location: `/api/tasks/${answer.task_id}`, 'retry-after': '1' });
    return answer;
  }

  /** @throws ArchiveNotFound also while the task of the archive has not begun */
  private async archiveOf(text: string): Promise<Archive> {
    const id = text.toLowerCase();
    const archive = isTaskId(id) ? await this.store.find(id) : null;
    if (!archive) throw new ArchiveNotFound();
    return archive;
  }
}
