import { applyDecorators } from '@nestjs/common';
import { ApiQuery, ApiResponse } from '@nestjs/swagger';
import { Answers, Refuses, Route } from './route-docs.js';

export function Livez(): MethodDecorator {
  return applyDecorators(
    Route('service', 'livez', 'Does the process do its work?'),
    Answers(200, 'It does.', 'Liveness'),
    Answers(503, 'It does not any more: something in it is stuck.', 'Liveness'),
  );
}

export function Readyz(): MethodDecorator {
  return applyDecorators(
    Route('service', 'readyz', 'Can the process do its work?'),
    ApiQuery({ name: 'verbose', required: false, description: 'Name each dependency.', schema: { type: 'string' } }),
    Answers(200, 'It can.', 'Readiness'),
    Answers(503, 'It cannot: the database is away.', 'Readiness'),
  );
}

export function Metrics(): MethodDecorator {
  return applyDecorators(
    Route(
      'service',
      'metrics',
      'What this process counts',
      'In the text format of Prometheus; docs/observability.md names the metrics.',
    ),
    ApiResponse({ status: 200, description: 'The metrics.', content: { 'text/plain': { schema: { type: 'string' } } } }),
    Refuses(401),
  );
}
