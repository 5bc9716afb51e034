import { Readable } from 'node:stream';
import { Controller, Get, Inject, Param, Query, Res, StreamableFile } from '@nestjs/common';
import { onlyReads, type Principal } from '@app/access';
import { DATASET_ID, RecordStore, type Dataset, type RowPosition } from '@app/records';
import type { FastifyReply } from 'fastify';
import { attachment } from '../files/content-disposition.js';
import { HttpProblem } from '../http/http-problem.js';
import { Caller, Needs } from '../access/needs.js';
import { Shown } from '../access/shown.js';
import * as docs from '../openapi/datasets.docs.js';
import { pageToken } from '../tasks/page-token.js';
import { csvLine } from './csv-text.js';
import {
  datasetView,
  recordErrorView,
  recordView,
  type DatasetView,
  type RecordErrorView,
  type RecordView,
} from './dataset.views.js';
import { readDatasetsQuery, readDownloadQuery, readRecordsQuery, readRowsQuery, rowsToken } from './rows.query.js';

/** Rows that a download reads at once. */
const DOWNLOAD_PAGE = 1_000;

interface Page<Item> {
  items: Item[];
  next_page_token: string | null;
}

/** Shows the rows that files were made into. */
@Controller('api/datasets')
export class DatasetsController {
  constructor(
    @Inject(RecordStore) private readonly records: RecordStore,
    @Inject(Shown) private readonly shown: Shown,
  ) {}

  @Needs('tasks:read')
  @docs.ListDatasets()
  @Get()
  async list(@Query() query: unknown): Promise<Page<DatasetView>> {
    const { size, after } = readDatasetsQuery(query);
    const found = await this.records.datasets({ size: size + 1, after });
    const items = found.slice(0, size).map(datasetView);
    return { items, next_page_token: pageToken(found.length > size ? items.at(-1)!.dataset_id : null) };
  }

  @Needs('tasks:read')
  @docs.FindDataset()
  @Get(':dataset_id')
  async find(@Param('dataset_id') id: string): Promise<DatasetView> {
    return datasetView(await this.datasetOf(id));
  }

  @Needs('tasks:read')
  @docs.ListRecords()
  @Get(':dataset_id/records')
  async recordsOf(
    @Param('dataset_id') id: string,
    @Query() query: unknown,
    @Caller() caller: Principal,
  ): Promise<Page<RecordView>> {
    const page = readRecordsQuery(query);
    await this.datasetOf(id);
    const { rows, next } = await this.records.records(id, page);
    const items = rows.map(recordView).map((view) => ({ ...view, data: this.shown.json(view.data, caller) }));
    return { items, next_page_token: rowsToken(next) };
  }

  @Needs('tasks:read')
  @docs.ListRecordErrors()
  @Get(':dataset_id/errors')
  async errorsOf(
    @Param('dataset_id') id: string,
    @Query() query: unknown,
    @Caller() caller: Principal,
  ): Promise<Page<RecordErrorView>> {
    const page = readRowsQuery(query);
    await this.datasetOf(id);
    const { rows, next } = await this.records.errors(id, page);
    return { items: this.shown.quoting(rows.map(recordErrorView), caller), next_page_token: rowsToken(next) };
  }

  @Needs('tasks:read')
  @docs.Download()
  @Get(':dataset_id/download')
  async download(
    @Param('dataset_id') id: string,
    @Query() query: unknown,
    @Caller() caller: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    const format = readDownloadQuery(query);
    const dataset = await this.datasetOf(id);
    reply.header('content-security-policy', "default-src 'none'; sandbox");
    const text = format === 'csv' ? this.csv(dataset, caller) : this.ndjson(dataset, caller);
    return new StreamableFile(Readable.from(text), {
      type: format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson',
      disposition: attachment(`${id}.${format}`),
    });
  }

  private async *ndjson({ id }: Dataset, caller: Principal): AsyncIterable<Buffer> {
    for await (const rows of this.pages(id, caller)) {
      // A record may have been laid out over several lines.
      yield Buffer.from(rows.map((data) => `${/[\r\n]/.test(data) ? JSON.stringify(JSON.parse(data)) : data}\n`).join(''));
    }
  }

  private async *csv({ id, fields }: Dataset, caller: Principal): AsyncIterable<Buffer> {
    yield Buffer.from(csvLine(fields));
    for await (const rows of this.pages(id, caller)) {
      const lines = rows.map((data) => {
        const record = new Map<string, unknown>(Object.entries(JSON.parse(data) as object));
        return csvLine(fields.map((field) => record.get(field)));
      });
      yield Buffer.from(lines.join(''));
    }
  }

  private async *pages(id: string, caller: Principal): AsyncIterable<string[]> {
    let after: RowPosition | undefined;
    do {
      const { rows, next } = await this.records.records(id, { size: DOWNLOAD_PAGE, after });
      yield onlyReads(caller)
        ? rows.map(({ data }) => JSON.stringify(this.shown.json(JSON.parse(data) as unknown, caller)))
        : rows.map(({ data }) => data);
      after = next ?? undefined;
    } while (after);
  }

  private async datasetOf(id: string): Promise<Dataset> {
    const dataset = DATASET_ID.test(id) ? await this.records.dataset(id) : null;
    if (!dataset) throw new HttpProblem(404, 'dataset_not_found', 'There is no dataset with this id.');
    return dataset;
  }
}
