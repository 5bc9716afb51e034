import { applyDecorators } from '@nestjs/common';
import { ApiParam, ApiResponse } from '@nestjs/swagger';
import { DownloadQuery, RecordsQuery } from '../datasets/rows.query.js';
import { PageQuery } from '../tasks/list.query.js';
import { queryDocs } from './query-docs.js';
import { Answers, Refuses, Route } from './route-docs.js';

export function ListDatasets(): MethodDecorator {
  return applyDecorators(
    Route('datasets', 'listDatasets', 'List the datasets', 'By id, page by page.'),
    ...queryDocs(PageQuery),
    Answers(200, 'A page of datasets.', 'DatasetPage'),
    Refuses(),
  );
}

export function FindDataset(): MethodDecorator {
  return applyDecorators(
    Route('datasets', 'getDataset', 'Read what a dataset holds'),
    DatasetId(),
    Answers(200, 'The dataset.', 'Dataset'),
    Refuses(404),
  );
}

export function ListRecords(): MethodDecorator {
  return applyDecorators(
    Route('datasets', 'listRecords', 'Read the records of a dataset', 'In the order of the files and their rows, page by page.'),
    DatasetId(),
    ...queryDocs(RecordsQuery),
    Answers(200, 'A page of records.', 'RecordPage'),
    Refuses(404),
  );
}

export function ListRecordErrors(): MethodDecorator {
  return applyDecorators(
    Route('datasets', 'listRecordErrors', 'Read which rows could not be taken over, and why'),
    DatasetId(),
    ...queryDocs(PageQuery),
    Answers(200, 'A page of bad rows.', 'RecordErrorPage'),
    Refuses(404),
  );
}

export function Download(): MethodDecorator {
  return applyDecorators(
    Route(
      'datasets',
      'downloadDataset',
      'Download all records of a dataset',
      'In CSV, a text that a spreadsheet would take for a formula has an apostrophe before it.',
    ),
    DatasetId(),
    ...queryDocs(DownloadQuery),
    ApiResponse({
      status: 200,
      description: 'The records.',
      headers: { 'Content-Disposition': { description: 'Names the file.', schema: { type: 'string' } } },
      content: { 'application/x-ndjson': {}, 'text/csv': {} },
    }),
    Refuses(404),
  );
}

function DatasetId(): MethodDecorator {
  return ApiParam({ name: 'dataset_id', schema: { type: 'string' } });
}
