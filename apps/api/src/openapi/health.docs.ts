import { applyDecorators } from '@nestjs/common';
import { Answers, Route } from './route-docs.js';

export function Livez(): MethodDecorator {
  return applyDecorators(Route('service', 'livez', 'Does the process run?'), Answers(200, 'It does.', 'Liveness'));
}

export function Readyz(): MethodDecorator {
  return applyDecorators(
    Route('service', 'readyz', 'Can the process do its work?'),
    Answers(200, 'It can.', 'Readiness'),
    Answers(503, 'It cannot: the database is away.', 'Readiness'),
  );
}
