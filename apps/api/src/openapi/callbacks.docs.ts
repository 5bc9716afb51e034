import { applyDecorators } from '@nestjs/common';
import { Answers, BODY_REFUSALS, Refuses, Route, TaskId } from './route-docs.js';

export function Callbacks(): MethodDecorator {
  return applyDecorators(
    Route('tasks', 'listCallbacks', "Read the delivery log of a task's callback", 'Every delivery with its tries, oldest first.'),
    TaskId(),
    Answers(200, 'The deliveries; none while the task has not ended.', 'Callbacks'),
    Refuses(404),
  );
}

export function Redeliver(): MethodDecorator {
  return applyDecorators(
    Route(
      'tasks',
      'redeliverCallback',
      "Deliver a task's callback again",
      'Begins anew with the same webhook-id. A delivery that still waits for its next try is called off.',
    ),
    TaskId(),
    Answers(202, 'The callback will be delivered.', 'Redelivery'),
    Refuses(...BODY_REFUSALS, 404, 409),
  );
}
