import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiResponse } from '@nestjs/swagger';
import { EventsQuery, StreamQuery } from '../events/events.query.js';
import { queryDocs } from './query-docs.js';
import * as route from './route-docs.js';
import { ref } from './schemas.js';

const { Answers, Refuses, Route } = route;

const GOES_ON =
  'Server-Sent Events; the data of each is an Envelope. Whoever comes back with the id of the last event is told all that came after it.';

export function TaskEvents(): MethodDecorator {
  return applyDecorators(
    Route(
      'live',
      'followTask',
      'What happens to a task, while it happens',
      `From its submission on, until it has ended. ${GOES_ON}`,
    ),
    route.TaskId(),
    ...queryDocs(StreamQuery),
    Stream(),
    Answers(204, 'The client has been told all there will ever be.'),
    Refuses(404),
  );
}

export function AllEvents(): MethodDecorator {
  return applyDecorators(
    Route(
      'live',
      'followAll',
      'What happens to all tasks, while it happens',
      `${GOES_ON} A reset says that something may have been missed: read anew what you show. After a cut, an event may come a second time.`,
    ),
    ...queryDocs(EventsQuery),
    Stream(),
    Refuses(),
  );
}

export function Socket(): MethodDecorator {
  return applyDecorators(
    Route(
      'live',
      'openSocket',
      'The same events over a WebSocket',
      'Say `{"action": "subscribe", "task_id": "…", "last_event_id": "…"}`, or with `type` and `status` instead of a task, and `unsubscribe` likewise. ' +
        'Every message that comes back is an Envelope; one that could not be understood is answered by an event `error` with a problem as its data.',
    ),
    Answers(101, 'The connection is a WebSocket.'),
    Refuses(426),
  );
}

function Stream(): MethodDecorator {
  return applyDecorators(
    ApiHeader({
      name: 'Last-Event-ID',
      required: false,
      schema: { type: 'string' },
      description: 'The id of the last event that was seen.',
    }),
    ApiResponse({ status: 200, description: 'The events.', content: { 'text/event-stream': { schema: ref('Envelope') } } }),
  );
}
