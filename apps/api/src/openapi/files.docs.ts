import { applyDecorators } from '@nestjs/common';
import { ApiParam, ApiResponse } from '@nestjs/swagger';
import { Answers, ETAG, Refuses, Route, TaskId } from './route-docs.js';

export function ListFiles(): MethodDecorator {
  return applyDecorators(
    Route('tasks', 'listFiles', 'List the files of a task'),
    TaskId(),
    Answers(200, 'The files by name.', 'TaskFiles'),
    Refuses(404),
  );
}

export function ReadFile(): MethodDecorator {
  return applyDecorators(
    Route('tasks', 'getFile', 'Read a file of a task'),
    TaskId(),
    ApiParam({ name: 'name', schema: { type: 'string' } }),
    ApiResponse({
      status: 200,
      description: 'The bytes of the file, in its own media type.',
      headers: { ...ETAG, 'Content-Disposition': { description: 'Names the file.', schema: { type: 'string' } } },
      content: { '*/*': {} },
    }),
    Answers(304, 'The file is as it was.', undefined, ETAG),
    Refuses(404),
  );
}
