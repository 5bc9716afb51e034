import { Controller, Get, Inject, Param, Req, Res, StreamableFile } from '@nestjs/common';
import type { Principal } from '@app/access';
import { FileStorage, TaskStore, type TaskFile } from '@app/tasks';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { namesTag } from '../http/entity-tag.js';
import { HttpProblem } from '../http/http-problem.js';
import { Caller, Needs } from '../access/needs.js';
import { visible } from '../access/visible.js';
import * as docs from '../openapi/files.docs.js';
import { readTaskId } from '../tasks/task-id.js';
import { attachment } from './content-disposition.js';
import { fileView, type FileView } from './file.view.js';

/** Shows the files that tasks keep. */
@Controller('api/tasks/:task_id/files')
export class FilesController {
  constructor(
    @Inject(TaskStore) private readonly store: TaskStore,
    @Inject(FileStorage) private readonly storage: FileStorage,
  ) {}

  @Needs('tasks:read', { heedsTypes: true })
  @docs.ListFiles()
  @Get()
  async list(@Param('task_id') id: string, @Caller() caller: Principal): Promise<{ items: FileView[] }> {
    const taskId = readTaskId(id);
    return { items: (await this.filesOf(taskId, caller)).map((file) => fileView(taskId, file)) };
  }

  @Needs('tasks:read', { heedsTypes: true })
  @docs.ReadFile()
  @Get(':name')
  async read(
    @Param('task_id') id: string,
    @Param('name') name: string,
    @Caller() caller: Principal,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile | undefined> {
    const file = (await this.filesOf(readTaskId(id), caller)).find((one) => one.name === name);
    if (!file) throw new HttpProblem(404, 'file_not_found', 'The task has no file with this name.');
    const tag = `"${file.sha256}"`;
    reply.header('etag', tag);
    if (namesTag(request.headers['if-none-match'], tag)) {
      reply.status(304);
      return undefined;
    }
    const stream = await this.storage.open(file.storageKey);
    // Whatever a handler kept: a browser that shows it must not run anything of it.
    reply.header('content-security-policy', "default-src 'none'; sandbox");
    return new StreamableFile(stream, { type: file.mediaType, length: file.size, disposition: attachment(file.name) });
  }

  /** @throws TaskNotFound, also for what cannot be an id */
  private async filesOf(taskId: string, caller: Principal): Promise<TaskFile[]> {
    const files = await this.store.files(taskId);
    if (files.length === 0 || caller.types !== null) visible(await this.store.find(taskId), caller);
    return files;
  }
}
