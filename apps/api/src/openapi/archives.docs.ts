import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiParam } from '@nestjs/swagger';
import { PageQuery } from '../tasks/list.query.js';
import { queryDocs } from './query-docs.js';
import * as route from './route-docs.js';
import { ref } from './schemas.js';

const { Answers, Refuses, Route } = route;

export function Create(): MethodDecorator {
  return applyDecorators(
    Route(
      'archives',
      'createArchive',
      'Archive a financial year or any other period that has ended',
      'The archive has the id of its task, which tells how far it is. With dry_run nothing is done: the answer counts.',
    ),
    ApiBody({ required: false, schema: ref('NewArchive'), examples: { year: { value: { fiscal_year: 2025, dry_run: true } } } }),
    route.TakesIdempotencyKey(),
    Answers(200, 'What the archive would hold and delete (dry_run).', 'ArchivePreview'),
    Answers(202, 'The task is kept and will run.', 'ArchiveAccepted', {
      ...route.LOCATION,
      ...route.RETRY_AFTER,
      ...route.REPLAYED,
    }),
    Refuses(...route.BODY_REFUSALS, 409, 422),
  );
}

export function List(): MethodDecorator {
  return applyDecorators(
    Route('archives', 'listArchives', 'List archives', 'Newest first, page by page.'),
    ...queryDocs(PageQuery),
    Answers(200, 'A page of archives.', 'ArchivePage'),
    Refuses(),
  );
}

export function Find(): MethodDecorator {
  return applyDecorators(
    Route('archives', 'getArchive', 'Read what an archive holds', 'There is one as soon as its task has begun.'),
    ArchiveId(),
    Answers(200, 'The archive with its files.', 'ArchiveDetail'),
    Refuses(404),
  );
}

export function Restore(): MethodDecorator {
  return applyDecorators(
    Route(
      'archives',
      'restoreArchive',
      'Put the rows of an archive back',
      'A task asks S3 for the files, waits until they are ready, compares their SHA-256, and inserts the rows that are not there.',
    ),
    ArchiveId(),
    ApiBody({ required: false, schema: ref('ArchiveRestore') }),
    route.TakesIdempotencyKey(),
    Answers(202, 'The task is kept and will run.', 'Accepted', { ...route.LOCATION, ...route.RETRY_AFTER, ...route.REPLAYED }),
    Refuses(...route.BODY_REFUSALS, 404, 409, 422),
  );
}

function ArchiveId(): MethodDecorator {
  return ApiParam({ name: 'archive_id', schema: { type: 'string', format: 'uuid' } });
}
