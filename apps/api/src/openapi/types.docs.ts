import { applyDecorators } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import { Answers, Refuses, Route } from './route-docs.js';

export function ListTypes(): MethodDecorator {
  return applyDecorators(
    Route('types', 'listTypes', 'List the task types'),
    Answers(200, 'The types by name.', 'TaskTypes'),
    Refuses(),
  );
}

export function FindType(): MethodDecorator {
  return applyDecorators(
    Route('types', 'getType', 'Read a task type'),
    ApiParam({ name: 'type', schema: { type: 'string' } }),
    Answers(200, 'The type.', 'TaskType'),
    Refuses(404),
  );
}
