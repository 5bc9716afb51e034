import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiParam } from '@nestjs/swagger';
import * as route from './route-docs.js';
import { ref } from './schemas.js';

const { Answers, Refuses, Route } = route;

export function Upload(): MethodDecorator {
  return applyDecorators(
    Route(
      'files',
      'uploadFiles',
      'Import files',
      'Every file becomes one task of the type file.import. All of them are taken, or none. What a file is shows in its content.',
    ),
    ApiConsumes('multipart/form-data'),
    ApiBody({ required: true, schema: ref('Upload') }),
    route.TakesIdempotencyKey(),
    Answers(202, 'All files are kept.', 'UploadAccepted', {
      Location: { description: 'Where the batch can be read.', schema: { type: 'string' } },
      ...route.REPLAYED,
    }),
    Refuses(...route.BODY_REFUSALS, 409, 422, 507),
  );
}

export function FindBatch(): MethodDecorator {
  return applyDecorators(
    Route('files', 'getBatch', 'Read how far the files of an upload are'),
    ApiParam({ name: 'batch_id', schema: { type: 'string', format: 'uuid' } }),
    Answers(200, 'The batch.', 'UploadBatch'),
    Refuses(404),
  );
}
