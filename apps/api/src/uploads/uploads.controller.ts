import { randomUUID } from 'node:crypto';
import { Controller, Get, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { Settings } from '@app/config';
import { RecordStore } from '@app/records';
import { FileStorage, StoreUnavailable, type StoredContent } from '@app/tasks';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HttpProblem, malformed } from '../http/http-problem.js';
import { Needs } from '../access/needs.js';
import * as docs from '../openapi/uploads.docs.js';
import { Intake } from '../tasks/intake.js';
import { isTaskId } from '../tasks/task-id.js';
import { placeOf, tagOf } from './batch-id.js';
import { batchView, type BatchView, type UploadView } from './batch.view.js';
import { cutTo, displayName } from './display-name.js';
import { readForm } from './form.js';
import { readMultipart } from './multipart.js';
import { LONGEST_UPLOAD_MS, UploadSweeper } from './upload-sweeper.js';

interface KeptFile extends StoredContent {
  name: string;
}

/** A disk or a quota is full. */
const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** Takes files in, one task for each, and says how far they are. */
@Controller('api')
export class UploadsController {
  constructor(
    @Inject(Intake) private readonly intake: Intake,
    @Inject(FileStorage) private readonly storage: FileStorage,
    @Inject(RecordStore) private readonly records: RecordStore,
    private readonly sweeper: UploadSweeper,
    @Inject(Settings) private readonly settings: Settings,
  ) {}

  @Needs('tasks:submit')
  @docs.Upload()
  @Post('files')
  @HttpCode(202)
  async upload(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<UploadView> {
    const batchId = randomUUID();
    const begunAt = performance.now();
    // What cannot be removed now is left to the sweeper.
    const forget = ({ key }: KeptFile) => this.storage.remove(key).catch(() => undefined);
    const { fields, files } = await readMultipart(
      request.raw,
      (stream, filename, index) => this.keep(stream, displayName(filename), placeOf(batchId, index)),
      forget,
    ).catch((error: unknown) => {
      // The rest of the body is not read.
      reply.header('connection', 'close');
      throw error;
    });
    try {
      if (performance.now() - begunAt > LONGEST_UPLOAD_MS) throw tooSlow();
      const answer = await this.submit(batchId, fields, files, { request, reply });
      if (answer.batch_id !== batchId) await Promise.all(files.map(forget));
      reply.header('location', `/api/batches/${answer.batch_id}`);
      return answer;
    } catch (error) {
      // Its tasks may be committed all the same, and then they need their files.
      if (error instanceof StoreUnavailable) this.sweeper.doubt(batchId, keysOf(files));
      else await Promise.all(files.map(forget));
      throw error;
    }
  }

  @Needs('tasks:read')
  @docs.FindBatch()
  @Get('batches/:batch_id')
  async batch(@Param('batch_id') id: string): Promise<BatchView> {
    const files = isTaskId(id) ? await this.records.batch(tagOf(id)) : [];
    if (files.length === 0) throw new HttpProblem(404, 'batch_not_found', 'There is no batch with this id.');
    return batchView(id, files);
  }

  private async submit(
    batchId: string,
    fields: ReadonlyMap<string, string>,
    files: readonly KeptFile[],
    http: { request: FastifyRequest; reply: FastifyReply },
  ): Promise<UploadView> {
    const { dataset = batchId, options } = readForm(fields);
    if (files.length === 0) throw malformed('The form has no file.', '/files');
    const submissions = files.map(({ key, name, size }) => ({
      type: 'file.import',
      title: cutTo(`Import ${name}`, 200),
      payload: { file: key, name, size, dataset, ...options },
      tags: [tagOf(batchId)],
    }));
    // What makes two uploads the same for an Idempotency-Key.
    http.request.body = {
      fields: Object.fromEntries(fields),
      files: files.map(({ name, size, sha256 }) => ({ name, size, sha256 })),
    };
    return this.intake.take(submissions, http, (ids) => ({
      batch_id: batchId,
      message: 'Files taken in successfully',
      dataset,
      items: files.map(({ name, size }, index) => ({ task_id: ids[index]!, file: name, size, status: 'PENDING' })),
    }));
  }

  private async keep(stream: AsyncIterable<Uint8Array>, name: string, place: string): Promise<KeptFile> {
    try {
      return { ...(await this.storage.put(place, this.limited(stream), { maxBytes: Infinity })), name };
    } catch (error) {
      if (!FULL.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
      throw new HttpProblem(507, 'storage_full', 'There is no room for the files. Nothing was taken.', {
        headers: { 'retry-after': '60' },
      });
    }
  }

  private async *limited(stream: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    const { maxUploadBytes } = this.settings;
    let bytes = 0;
    for await (const chunk of stream) {
      bytes += chunk.length;
      if (bytes > maxUploadBytes) {
        throw new HttpProblem(413, 'body_too_large', `A file is larger than ${maxUploadBytes} bytes.`);
      }
      yield chunk;
    }
  }
}

function keysOf(files: readonly KeptFile[]): string[] {
  return files.map(({ key }) => key);
}

/** What nobody has claimed for long goes: it must not be claimed after that. */
function tooSlow(): HttpProblem {
  return new HttpProblem(408, 'request_timeout', `An upload may take ${LONGEST_UPLOAD_MS / 3_600_000} hours.`);
}
