import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiHeader } from '@nestjs/swagger';
import { ListQuery, PageQuery } from '../tasks/list.query.js';
import { TaskQuery } from '../tasks/task.query.js';
import { queryDocs } from './query-docs.js';
import * as route from './route-docs.js';
import { ref } from './schemas.js';

const { Answers, Refuses, Route } = route;

const EXAMPLES = {
  plain: {
    summary: 'A plain task',
    value: { title: 'Sample Task', description: 'Process something', metadata: { priority: 'high' } },
  },
  'text.reverse': { summary: 'A task of a type', value: { type: 'text.reverse', payload: { text: 'stressed' } } },
};

export function Submit(): MethodDecorator {
  return applyDecorators(
    Route('tasks', 'submitTask', 'Submit a task', 'The task is kept before the answer is given.'),
    ApiBody({ required: true, schema: ref('Submission'), examples: EXAMPLES }),
    route.TakesIdempotencyKey(),
    route.TakesPrefer(),
    ...submitAnswers(),
    Refuses(...route.BODY_REFUSALS, 409, 422),
  );
}

export function SubmitBatch(): MethodDecorator {
  return applyDecorators(
    Route('tasks', 'submitTasks', 'Submit several tasks', 'All of them are taken, or none.'),
    ApiBody({ required: true, schema: ref('Batch') }),
    route.TakesIdempotencyKey(),
    Answers(202, 'All tasks are kept.', 'BatchAccepted', route.REPLAYED),
    Refuses(...route.BODY_REFUSALS, 409, 422),
  );
}

export function List(): MethodDecorator {
  return applyDecorators(
    Route('tasks', 'listTasks', 'List tasks', 'Newest first, page by page.'),
    ...queryDocs(ListQuery),
    Answers(200, 'A page of tasks.', 'TaskPage'),
    Refuses(),
  );
}

export function Find(): MethodDecorator {
  return applyDecorators(
    Route('tasks', 'getTask', 'Read a task'),
    route.TaskId(),
    ...queryDocs(TaskQuery),
    ApiHeader({
      name: 'If-None-Match',
      required: false,
      schema: { type: 'string' },
      description: 'An ETag of an earlier answer.',
    }),
    Answers(200, 'The task.', 'Task', route.ETAG),
    Answers(304, 'The task is as it was.', undefined, route.ETAG),
    Refuses(404),
  );
}

export function Attempts(): MethodDecorator {
  return applyDecorators(
    Route('tasks', 'listAttempts', 'List the past attempts that did not complete a task', 'Oldest first.'),
    route.TaskId(),
    Answers(200, 'The attempts.', 'Attempts'),
    Refuses(404),
  );
}

export function Logs(): MethodDecorator {
  return applyDecorators(
    Route('tasks', 'listLogs', 'Read the log of a task', 'What its handlers said, oldest first, page by page.'),
    route.TaskId(),
    ...queryDocs(PageQuery),
    Answers(200, 'A page of lines.', 'LogPage'),
    Refuses(404),
  );
}

export function Cancel(): MethodDecorator {
  return applyDecorators(
    Route('tasks', 'cancelTask', 'Call a task off', 'Also while it runs. Cancelling a cancelled task changes nothing.'),
    route.TaskId(),
    Answers(200, 'The task, now CANCELLED.', 'Task'),
    Refuses(...route.BODY_REFUSALS, 404, 409),
  );
}

export function Retry(): MethodDecorator {
  return applyDecorators(
    Route(
      'tasks',
      'retryTask',
      'Repeat a task that has ended',
      'The repetition is a new task with retry_of; the old one stays as it is.',
    ),
    route.TaskId(),
    route.TakesIdempotencyKey(),
    route.TakesPrefer(),
    ...submitAnswers(),
    Refuses(...route.BODY_REFUSALS, 404, 409, 422),
  );
}

function submitAnswers(): MethodDecorator[] {
  return [
    Answers(202, 'The task is kept and will run.', 'Accepted', {
      ...route.LOCATION,
      ...route.RETRY_AFTER,
      ...route.APPLIED,
      ...route.REPLAYED,
    }),
    Answers(200, 'The finished task, because the client preferred to wait.', 'Task', {
      ...route.LOCATION,
      ...route.APPLIED,
      ...route.REPLAYED,
    }),
  ];
}
