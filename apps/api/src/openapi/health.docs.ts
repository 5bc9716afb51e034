import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { Answers, Refuses, Route } from './route-docs.js';

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
