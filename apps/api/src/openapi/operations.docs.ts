import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiParam } from '@nestjs/swagger';
import { StatsQuery } from '../stats/stats.query.js';
import { queryDocs } from './query-docs.js';
import * as route from './route-docs.js';
import { ref } from './schemas.js';

const { Answers, Refuses, Route } = route;

export function Queues(): MethodDecorator {
  return applyDecorators(
    Route(
      'operations',
      'listQueues',
      'How many tasks of each type wait and run',
      'In long queues, the numbers are told from samples.',
    ),
    Answers(200, 'The queues by type.', 'Queues'),
    Refuses(),
  );
}

export function PauseQueue(): MethodDecorator {
  return applyDecorators(
    Route(
      'operations',
      'pauseQueue',
      'Stop handing out the tasks of a type',
      'Within two seconds no worker begins one. What runs goes on; what is submitted is kept. It lasts until it is resumed.',
    ),
    TypeName(),
    Answers(200, 'The queue, now paused.', 'Queue'),
    Refuses(...route.BODY_REFUSALS, 404),
  );
}

export function ResumeQueue(): MethodDecorator {
  return applyDecorators(
    Route('operations', 'resumeQueue', 'Hand out the tasks of a type again'),
    TypeName(),
    Answers(200, 'The queue.', 'Queue'),
    Refuses(...route.BODY_REFUSALS, 404),
  );
}

export function Workers(): MethodDecorator {
  return applyDecorators(
    Route('operations', 'listWorkers', 'Who runs tasks', 'Workers that were not heard of for a day are forgotten.'),
    Answers(200, 'The workers, the latest started first.', 'Workers'),
    Refuses(),
  );
}

export function DrainWorker(): MethodDecorator {
  return applyDecorators(
    Route(
      'operations',
      'drainWorker',
      'Let a worker take no more tasks',
      'It finishes what it has and stays until it is ended. Started again, it takes tasks.',
    ),
    ApiParam({ name: 'worker_id', schema: { type: 'string' } }),
    Answers(200, 'The worker, now draining.', 'Worker'),
    Refuses(...route.BODY_REFUSALS, 404),
  );
}

export function Stats(): MethodDecorator {
  return applyDecorators(
    Route(
      'operations',
      'getStats',
      'What happened in the last hour, day or week',
      'By the minute, by 15 minutes, or by the hour. A minute is there a few seconds after its end. Percentiles are up to a tenth too high.',
    ),
    ...queryDocs(StatsQuery),
    Answers(200, 'The figures.', 'Stats'),
    Refuses(),
  );
}

export function Now(): MethodDecorator {
  return applyDecorators(
    Route(
      'operations',
      'getStatsNow',
      'How things stand',
      'Figures up to two seconds old; a count that is as high as capped_at may be more.',
    ),
    Answers(200, 'The figures.', 'StatsNow'),
    Refuses(),
  );
}

export function WhyNot(): MethodDecorator {
  return applyDecorators(
    Route('tasks', 'explainTask', 'Why a task is not running', 'All reasons that hold, in words.'),
    route.TaskId(),
    Answers(200, 'The reasons.', 'Reasons'),
    Refuses(404),
  );
}

export function Act(): MethodDecorator {
  return applyDecorators(
    Route(
      'operations',
      'actOnTasks',
      'Retry or cancel many tasks',
      'In the background, and whatever dies in the middle, each task is acted on once. A retry is a new task with retry_of. Tasks that are submitted later are left alone.',
    ),
    ApiBody({ required: true, schema: ref('Action') }),
    Answers(200, 'How many tasks it would be, because of dry_run.', 'ActionCount'),
    Answers(202, 'The action is kept and will be carried out.', 'ActionBegun', route.LOCATION),
    Refuses(...route.BODY_REFUSALS),
  );
}

export function FindAction(): MethodDecorator {
  return applyDecorators(
    Route('operations', 'getAction', 'How far an action on many tasks is'),
    ApiParam({ name: 'action_id', schema: { type: 'string', format: 'uuid' } }),
    Answers(200, 'The action.', 'ActionState'),
    Refuses(404),
  );
}

function TypeName(): MethodDecorator {
  return ApiParam({ name: 'type', schema: { type: 'string' } });
}
