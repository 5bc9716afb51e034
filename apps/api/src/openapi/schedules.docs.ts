import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiParam } from '@nestjs/swagger';
import { PageQuery } from '../tasks/list.query.js';
import * as route from './route-docs.js';
import { ref } from './schemas.js';
import { queryDocs } from './query-docs.js';

const { Answers, Refuses, Route } = route;

const EXAMPLE = {
  cron: '0 7 * * MON-FRI',
  time_zone: 'Europe/Berlin',
  task: { type: 'text.reverse', payload: { text: 'good morning' } },
};

export function Create(): MethodDecorator {
  return applyDecorators(
    Route(
      'schedules',
      'createSchedule',
      'Make tasks by the clock',
      'Each tick submits the task once, however many processes run.',
    ),
    ApiBody({ required: true, schema: ref('NewSchedule'), examples: { mornings: { value: EXAMPLE } } }),
    Answers(201, 'The schedule.', 'Schedule', route.LOCATION),
    Refuses(...route.BODY_REFUSALS, 422),
  );
}

export function List(): MethodDecorator {
  return applyDecorators(
    Route('schedules', 'listSchedules', 'List schedules', 'Newest first, page by page.'),
    ...queryDocs(PageQuery),
    Answers(200, 'A page of schedules.', 'SchedulePage'),
    Refuses(),
  );
}

export function Find(): MethodDecorator {
  return applyDecorators(
    Route('schedules', 'getSchedule', 'Read a schedule'),
    ScheduleId(),
    Answers(200, 'The schedule.', 'Schedule'),
    Refuses(404),
  );
}

export function Change(): MethodDecorator {
  return applyDecorators(
    Route(
      'schedules',
      'changeSchedule',
      'Change a schedule',
      'What is left out stays. A new cron, time zone or end counts from now on.',
    ),
    ScheduleId(),
    ApiBody({ required: true, schema: ref('ScheduleChange') }),
    Answers(200, 'The schedule as it is now.', 'Schedule'),
    Refuses(...route.BODY_REFUSALS, 404, 409, 422),
  );
}

export function Pause(): MethodDecorator {
  return applyDecorators(
    Route('schedules', 'pauseSchedule', 'Pause a schedule', 'Ticks of the pause are not missed ones.'),
    ScheduleId(),
    Answers(200, 'The schedule, now PAUSED.', 'Schedule'),
    Refuses(...route.BODY_REFUSALS, 404, 409),
  );
}

export function Resume(): MethodDecorator {
  return applyDecorators(
    Route('schedules', 'resumeSchedule', 'Resume a schedule'),
    ScheduleId(),
    Answers(200, 'The schedule, now ACTIVE.', 'Schedule'),
    Refuses(...route.BODY_REFUSALS, 404, 409),
  );
}

export function Run(): MethodDecorator {
  return applyDecorators(
    Route(
      'schedules',
      'runSchedule',
      'Submit the task of a schedule now',
      'Whatever its status, and beside its ticks: it delays and skips none.',
    ),
    ScheduleId(),
    route.TakesIdempotencyKey(),
    Answers(202, 'The task is kept and will run.', 'Accepted', { ...route.LOCATION, ...route.RETRY_AFTER, ...route.REPLAYED }),
    Refuses(...route.BODY_REFUSALS, 404, 409, 422),
  );
}

export function Remove(): MethodDecorator {
  return applyDecorators(
    Route('schedules', 'deleteSchedule', 'Delete a schedule', 'Its tasks stay; ticks that wait are dropped.'),
    ScheduleId(),
    Answers(204, 'The schedule is gone.'),
    Refuses(...route.BODY_REFUSALS, 404),
  );
}

function ScheduleId(): MethodDecorator {
  return ApiParam({ name: 'schedule_id', schema: { type: 'string', format: 'uuid' } });
}
